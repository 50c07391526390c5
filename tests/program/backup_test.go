package program_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// backUp makes a backup and returns its path.
func backUp(t *testing.T, storage string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "backup.db")
	programtest.Succeed(t, "backup", file, "--storage", storage)
	return file
}

// held counts the expenses of a data file, and leaves it closed: a restore refuses one that somebody looks into.
func held(t *testing.T, storage string) (expenses int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(storage, "sqlite:")+"?mode=rw&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.QueryRowContext(t.Context(), "SELECT count(*) FROM expense").Scan(&expenses), db.Close()); err != nil {
		t.Fatal(err)
	}
	return expenses
}

func TestABackupIsMadeUnderLoadAndRestored(t *testing.T) {
	t.Parallel()
	storage := programtest.NewSQLite(t)
	p := programtest.Start(t, storage)
	const callers = 8
	acknowledged := make([]int, callers)
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for caller := range callers {
		wait.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := programtest.Persist(p.URL, programtest.Form("category", "food", "price", "0.01", "idempotency_key",
					fmt.Sprintf("key-%d-%d", caller, i))); err != nil {
					t.Error(err)
					return
				}
				acknowledged[caller]++
			}
		})
	}
	check.Eventually(t, 30*time.Second, "adds are under way", func() bool { return held(t, storage) > 100 })
	before := held(t, storage)
	started := time.Now()
	backup := backUp(t, storage)
	t.Logf("the backup took %s", time.Since(started))
	after := held(t, storage)
	close(stop)
	wait.Wait()
	if info, err := os.Stat(backup); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v, want a file of mode 0600", info, err)
	}
	kept := held(t, "sqlite:"+backup)
	if kept < before || kept > after {
		t.Errorf("the backup holds %d expenses, want from %d to %d", kept, before, after)
	}
	again := programtest.Command(t, "backup", backup, "--storage", storage)
	check.Equal(t, "over a backup: exit code", again.Code, 1)
	check.Contains(t, "over a backup", again.Stderr, "is there already", "--replace")
	programtest.Succeed(t, "backup", backup+".2", "--storage", storage)
	programtest.Succeed(t, "backup", backup+".2", "--storage", storage, "--replace")

	inUse := programtest.Command(t, "restore", backup, "--storage", storage, "--replace")
	check.Equal(t, "of a program that runs: exit code", inUse.Code, 1)
	check.Contains(t, "of a program that runs", inUse.Stderr, "in use by another process")
	if err := p.Kill(); err != nil { // leaves a log behind
		t.Fatal(err)
	}
	total := 0
	for _, n := range acknowledged {
		total += n
	}
	full := programtest.Command(t, "restore", backup, "--storage", storage)
	check.Equal(t, "over expenses: exit code", full.Code, 1)
	check.Contains(t, "over expenses", full.Stderr, fmt.Sprintf("%d expenses", total), "--replace")
	check.Equal(t, "expenses after what was refused", held(t, storage), total)

	said := programtest.Succeed(t, "restore", backup, "--storage", storage, "--replace")
	check.Contains(t, "restore", said, fmt.Sprintf("holds %d expenses", kept), "is kept as")
	check.Equal(t, "expenses after the restore", held(t, storage), kept)
	_, aside, _ := strings.Cut(strings.TrimSpace(said), "is kept as ")
	check.Equal(t, "expenses that are kept beside", held(t, "sqlite:"+aside), total)
	check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "nothing wrong with itself", "0 differences")
	check.Equal(t, "rows on the page", len(programtest.Visit(t, programtest.Start(t, storage).URL).Get("/").Rows()) > 0, true)
}

func TestARestoreIsRefusedForWhatIsNoBackup(t *testing.T) {
	t.Parallel()
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "generate", "--count", "2000", "--storage", storage, "--config", patient(t))
	path := strings.TrimPrefix(storage, "sqlite:")
	backup := backUp(t, storage)
	content, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	damaged := append([]byte(nil), content...)
	for i := len(damaged) / 2; i < len(damaged)/2+20000; i++ {
		damaged[i] = 0xff
	}
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	for file, want := range map[string]string{
		programtest.WriteFile(t, "text", strings.Repeat("no database\n", 500)): "is not an SQLite database",
		programtest.WriteFile(t, "short", string(content[:len(content)/2])):    "damaged",
		programtest.WriteFile(t, "damaged", string(damaged)):                   "damaged",
		programtest.WriteFile(t, "empty", ""):                                  "no expenses of this program",
		fresh + ".none":                                                        "there is no file",
		path:                                                                   "is the data file itself",
	} {
		target := "sqlite:" + fresh
		if file == path {
			target = storage
		}
		result := programtest.Command(t, "restore", file, "--storage", target)
		check.Equal(t, file+": exit code", result.Code, 1)
		check.Contains(t, file, result.Stderr, want)
	}
	newer := filepath.Join(t.TempDir(), "newer.db")
	programtest.Succeed(t, "backup", newer, "--storage", storage)
	programtest.Execute(t, "sqlite:"+newer, "INSERT INTO expense_schema_version (version_id, is_applied) VALUES (99, 1);"+
		"UPDATE expense_schema_reach SET oldest = 99")
	check.Contains(t, "newer", programtest.Command(t, "restore", newer, "--storage", "sqlite:"+fresh).Stderr, "newer version of the program")
	if files, err := filepath.Glob(fresh + "*"); err != nil || len(files) > 0 {
		t.Errorf("%v, %v: what was refused left files", files, err)
	}
	programtest.Succeed(t, "restore", backup, "--storage", "sqlite:"+fresh)
	check.Equal(t, "expenses", held(t, "sqlite:"+fresh), 2000)
}

func TestOtherStoragesSayHowTheyAreBackedUp(t *testing.T) {
	t.Parallel()
	for storage, want := range map[string]string{"postgres://nobody@127.0.0.1:1/x": "pg_", "memory:": "keeps nothing"} {
		for _, verb := range []string{"backup", "restore"} {
			result := programtest.Command(t, verb, "file", "--storage", storage)
			check.Equal(t, verb+" "+storage+": exit code", result.Code, 1)
			check.Contains(t, verb+" "+storage, result.Stderr, want)
		}
	}
}

// A mistyped path is no storage in good order: verify says so, and makes none.
func TestVerifyMakesNoStorage(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	empty := programtest.WriteFile(t, "empty.db", "")
	for path, want := range map[string]string{
		filepath.Join(folder, "mistyped.db"):       "there is no data file",
		filepath.Join(folder, "no", "mistyped.db"): "there is no data file",
		empty: "an empty file",
	} {
		result := programtest.Command(t, "verify", "--storage", "sqlite:"+path)
		check.Equal(t, path+": exit code", result.Code, 1)
		check.Contains(t, path, result.Stderr, want, path, "--storage")
		check.Equal(t, path+": output", result.Stdout, "")
	}
	if made, err := os.ReadDir(folder); err != nil || len(made) > 0 {
		t.Errorf("%v, %v, want nothing", made, err)
	}
}

func TestABackupNeedsOneName(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"backup", "restore"} {
		for _, args := range [][]string{{verb}, {verb, "one", "two"}, {verb, ""}} {
			result := programtest.Command(t, append(args, "--storage", "memory:")...)
			check.Equal(t, fmt.Sprint(args, ": exit code"), result.Code, 1)
			check.Contains(t, fmt.Sprint(args), result.Stderr, "name one file: expense-tracker "+verb+" FILE")
		}
	}
}

func TestADamagedFileIsFoundByVerify(t *testing.T) {
	t.Parallel()
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "generate", "--count", "2000", "--storage", storage, "--config", patient(t))
	path := strings.TrimPrefix(storage, "sqlite:")
	root := programtest.Ask[int64](t, storage, "SELECT rootpage FROM sqlite_schema WHERE name = 'expense_entry_newest'")
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(make([]byte, 4096), (root-1)*4096); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	result := programtest.Command(t, "verify", "--storage", storage)
	check.Equal(t, "exit code", result.Code, 1)
	check.Contains(t, "verify", result.Stdout+result.Stderr, "damaged")
}

// patient returns a configuration for large batches on a busy machine.
func patient(t *testing.T) string {
	t.Helper()
	return programtest.WriteFile(t, "patient.yaml", "database:\n  operation_timeout: 25s\n")
}
