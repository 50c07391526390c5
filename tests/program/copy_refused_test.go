package program_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// refused runs a copy that has to fail, and say why.
func refused(t *testing.T, why string, args ...string) {
	t.Helper()
	result := programtest.Command(t, append([]string{"copy"}, args...)...)
	if result.Code != 1 || !strings.Contains(result.Stderr, why) {
		t.Errorf("%v: exit code %d, says %q, want %q", args, result.Code, result.Stderr, why)
	}
}

func TestACopyIsRefused(t *testing.T) {
	t.Parallel()
	from := full(t)
	owner, serving := twoRoles(t)
	file := func() string { return programtest.NewSQLite(t) }

	refused(t, "say what is copied where")
	refused(t, "the same storage", "--from", from, "--to", from)
	refused(t, "there is no data file", "--from", file(), "--to", file())
	refused(t, "nothing to copy from it", "--from", "memory:", "--to", file())
	refused(t, "nothing would be left", "--from", from, "--to", "memory:")
	refused(t, "--from: must be memory:", "--from", "mysql://x", "--to", file())
	refused(t, "is a database of another program", "--from", from, "--to", foreign(t))
	const noOwner = "an owner of tables goes with"
	refused(t, "--from-owner: "+noOwner+" --from in PostgreSQL", "--from", from, "--from-owner", owner, "--to", file())
	refused(t, "--to-owner: "+noOwner+" --to in PostgreSQL", "--from", from, "--to", file(), "--to-owner", owner)
	refused(t, "--to-owner: "+noOwner+" --to in PostgreSQL", "--from", from, "--to", serving, "--to-owner", file())

	programtest.Succeed(t, "copy", "--from", from, "--to", serving, "--to-owner", owner)
	refused(t, "is not empty", "--from", from, "--to", serving, "--to-owner", owner)
	refused(t, "is not empty", "--from", serving, "--from-owner", owner, "--to", full(t))
	refused(t, "this role is not: name the owner's URL", "--from", serving, "--to", file())

	behind := file()
	programtest.Succeed(t, "migrate", "--storage", behind)
	executeClosed(t, behind, "DELETE FROM expense_schema_version WHERE version_id = (SELECT max(version_id) FROM expense_schema_version)")
	refused(t, "run expense-tracker migrate", "--from", behind, "--to", file())
	refused(t, "run expense-tracker migrate", "--from", from, "--to", behind)
	ahead := file()
	programtest.Succeed(t, "migrate", "--storage", ahead)
	executeClosed(t, ahead, "INSERT INTO expense_schema_version (version_id, is_applied) VALUES (99999, 1)")
	refused(t, "newer version", "--from", ahead, "--to", file())
	refused(t, "newer version", "--from", from, "--to", ahead)
	newer := postgrestest.Start(t)
	programtest.Succeed(t, "migrate", "--storage", newer)
	programtest.Execute(t, newer, "INSERT INTO expense_schema_version (version_id, is_applied) VALUES (99999, true)")
	refused(t, "newer version", "--from", newer, "--to", file())
	refused(t, "newer version", "--from", from, "--to", newer)

	wrong := full(t)
	executeClosed(t, wrong, "UPDATE expense_total SET minor = minor + 1 WHERE month = 0 AND category_id = 0 AND currency = 'JPY'")
	refused(t, "nothing was copied, since the source is not right", "--from", wrong, "--to", file())
}

// A copy between two storages that are named needs no folder for the data of a user, and makes none.
func TestACopyOfNamedStoragesTouchesNoOther(t *testing.T) {
	t.Parallel()
	home := programtest.WriteFile(t, "no-folder", "") // in which nothing can be made
	command := exec.CommandContext(t.Context(), programtest.Binary(t), "copy", "--from", full(t), "--to", programtest.NewSQLite(t))
	command.Env = []string{"HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_DATA_DIRS=" + home}
	if output, err := command.CombinedOutput(); err != nil || !strings.Contains(string(output), "both hold the same") {
		t.Errorf("%v: %s", err, output)
	}
}

// foreign returns a file that another program keeps something in.
func foreign(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "theirs.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	executeClosed(t, "sqlite:"+path, "CREATE TABLE theirs (n)")
	return "sqlite:" + path
}

// A storage that the program uses is not copied unless that is asked for, and never filled; what a first start made is no content.
func TestACopyLeavesAloneWhatIsInUse(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		p := programtest.Start(t, storage)
		from := full(t)
		refused(t, "stop", "--from", from, "--to", storage)
		if err := p.Stop(); err != nil {
			t.Fatal(err)
		}
		programtest.Succeed(t, "copy", "--from", from, "--to", storage)
		p = programtest.Start(t, storage)
		refused(t, "stop", "--from", storage, "--to", programtest.NewSQLite(t))
		moment := programtest.NewSQLite(t)
		programtest.Succeed(t, "copy", "--in-use", "--from", storage, "--to", moment)
		check.Equal(t, "expenses of the moment", held(t, moment), 4)
		if err := p.Stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// Whatever ends a copy in the middle, the target is whole or as it was before; and then the copy can be made.
func TestACopyThatIsEndedLeavesNoHalf(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, to string) {
		from := full(t)
		programtest.Succeed(t, "generate", "--count", "3000", "--storage", from)
		whole := held(t, from)
		done := false
		for i := 0; !done && i < 12; i++ {
			signal := []os.Signal{syscall.SIGKILL, syscall.SIGINT}[i%2]
			command := exec.CommandContext(t.Context(), programtest.Binary(t), "copy", "--from", from, "--to", to)
			command.Env = append(os.Environ(), programtest.Home(t)...)
			said := &strings.Builder{}
			command.Stderr = said
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(i*i) * 15 * time.Millisecond)
			_ = command.Process.Signal(signal) // which may have ended
			err := command.Wait()
			found := 0
			if there(t, to) {
				found = heldBy(t, to)
			}
			if found != 0 && found != whole {
				t.Fatalf("after %v at %d: %d of %d expenses", signal, i, found, whole)
			}
			if err == nil && found != whole {
				t.Fatalf("it ended well, with %d of %d expenses", found, whole)
			}
			if signal == syscall.SIGINT && err != nil && found == 0 && said.Len() > 0 && !strings.Contains(said.String(), "nothing was copied") {
				t.Logf("interrupted early: %s", said)
			}
			done = found == whole
		}
		if !done {
			programtest.Succeed(t, "copy", "--from", from, "--to", to)
		}
		check.Equal(t, "expenses", heldBy(t, to), whole)
		programtest.Succeed(t, "copy", "--compare", "--from", from, "--to", to)
	})
}

// there reports whether a storage has tables yet.
func there(t *testing.T, storage string) bool {
	t.Helper()
	if path, file := strings.CutPrefix(storage, "sqlite:"); file {
		_, err := os.Stat(path)
		return err == nil
	}
	return programtest.Ask[bool](t, storage, "SELECT to_regclass('expense') IS NOT NULL")
}

// heldBy counts the expenses of a storage, and leaves it closed.
func heldBy(t *testing.T, storage string) (expenses int) {
	t.Helper()
	withClosed(t, storage, func(on querier) {
		if err := on.QueryRowContext(t.Context(), "SELECT count(*) FROM expense").Scan(&expenses); err != nil {
			t.Fatal(err)
		}
	})
	return expenses
}
