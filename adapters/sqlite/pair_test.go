package sqlite_test

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
)

// copyFile copies a file, over another if there is one.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A backup that is copied back beside the log that a killed program left must not be opened: SQLite would replay the log over it.
func TestWrongLogIsRefused(t *testing.T) {
	byProgram := func(t *testing.T, path, backup string) {
		if _, err := sqlite.Backup(t.Context(), path, backup, sqlite.BackupOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	byVacuum := func(t *testing.T, path, backup string) {
		if _, err := openPlain(t, path).Exec(`VACUUM INTO ?`, backup); err != nil {
			t.Fatal(err)
		}
	}
	const few, many = 30, 1500 // adds since the backup: with many, the log was begun anew
	for _, tt := range []struct {
		name   string
		backUp func(t *testing.T, path, backup string)
		since  int
	}{
		{"by this program", byProgram, many},
		{"by this program, just now", byProgram, few},
		{"by VACUUM INTO", byVacuum, many},
		{"by VACUUM INTO, just now", byVacuum, few}, // of the very state that the log leads from
		{"by copying the file while nothing runs", copyFile, many},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path, backup := newPath(t), filepath.Join(t.TempDir(), "backup.db")
			acknowledged := startChild(t, path, "before").killAfter(t, 30)
			wantStoredOnce(t, path, acknowledged)
			tt.backUp(t, path, backup)
			acknowledged = startChild(t, path, "since").killAfter(t, tt.since)
			copyFile(t, path, path+".right")
			copyFile(t, backup, path)
			store, err := tryOpen(t.Context(), path, sqlite.Options{})
			if !errors.Is(err, sqlite.ErrWrongLog) || !strings.Contains(err.Error(), path+"-wal") {
				t.Fatalf("%v, %v, want ErrWrongLog with what to do", store, err)
			}
			copyFile(t, path+".right", path) // nothing was changed by the attempt
			wantStored(t, open(t, path), acknowledged)
		})
	}
}

// wantStoredOnce opens a file to look into it, and closes it.
func wantStoredOnce(t *testing.T, path string, acknowledged map[idempotency.Key]expense.ID) {
	t.Helper()
	store, err := tryOpen(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantStored(t, store, acknowledged)
	if err := store.db.Close(); err != nil {
		t.Error(err)
	}
}

// Whenever a program is killed, what it leaves is a pair.
func TestNoCrashIsRefused(t *testing.T) {
	const rounds = 18
	path := newPath(t)
	acknowledged := make(map[idempotency.Key]expense.ID)
	for round := range rounds {
		if round%6 == 0 {
			path, acknowledged = newPath(t), make(map[idempotency.Key]expense.ID) // the first start is a crash's chance as well
		}
		c := startChild(t, path, fmt.Sprint("round", round))
		kill := time.AfterFunc(time.Duration(5+rand.IntN(400))*time.Millisecond, func() { _ = c.Process.Kill() })
		lines := bufio.NewScanner(c.output)
		for lines.Scan() {
			var id expense.ID
			var key string
			if _, err := fmt.Sscan(lines.Text(), &id, &key); err != nil {
				t.Fatalf("the child said %q: %v", lines.Text(), err)
			}
			acknowledged[idempotency.Key(key)] = id
		}
		if err := c.Wait(); err == nil || c.ProcessState.Exited() {
			t.Fatalf("round %d: the child ended by itself: %v", round, err)
		}
		kill.Stop()
		if round%3 == 2 { // else the next child finds the log of a crash
			wantStoredOnce(t, path, acknowledged)
		}
	}
	t.Logf("%d acknowledged", len(acknowledged))
}
