//go:build unix

package sqlite_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// SQLite removes a log that lies beside no data file, or beside an empty one. The file may only be away for a while.
func TestALogBesideNoFileIsKept(t *testing.T) {
	for _, tt := range []struct {
		name  string
		leave func(t *testing.T, path string)
		use   func(t *testing.T, path string) error
	}{
		{"no file, opened", func(*testing.T, string) {}, openOnce},
		{"an empty file, opened", makeEmpty, openOnce},
		{"no file, migrated", func(*testing.T, string) {}, func(t *testing.T, path string) error { return sqlite.Migrate(t.Context(), path) }},
		{"an empty file, backed up", makeEmpty, func(t *testing.T, path string) error {
			_, err := sqlite.Backup(t.Context(), path, filepath.Join(t.TempDir(), "backup.db"), sqlite.BackupOptions{})
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path, aside := newPath(t), filepath.Join(t.TempDir(), "aside.db")
			acknowledged := startChild(t, path, "before").killAfter(t, 60)
			if err := os.Rename(path, aside); err != nil {
				t.Fatal(err)
			}
			tt.leave(t, path)
			if err := tt.use(t, path); err == nil {
				t.Error("no error, want one that names the log")
			}
			if err := os.Rename(aside, path); err != nil {
				t.Fatal(err)
			}
			wantStored(t, open(t, path), acknowledged)
		})
	}
}

func makeEmpty(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func openOnce(t *testing.T, path string) error {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		return err
	}
	return store.Close()
}

// Two processes with an index each would write over each other's part of the log. One that stands still cannot see that its index went.
func TestNoProcessStartsBesideAnIndexThatWent(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	c := startChild(t, path, "first")
	acknowledged := make(map[idempotency.Key]expense.ID)
	lines := bufio.NewScanner(c.output)
	read := func() bool {
		if !lines.Scan() {
			return false
		}
		var id expense.ID
		var key string
		if _, err := fmt.Sscan(lines.Text(), &id, &key); err != nil {
			t.Fatal(err)
		}
		acknowledged[idempotency.Key(key)] = id
		return true
	}
	for range 40 {
		if !read() {
			t.Fatal("the child ended by itself")
		}
	}
	if err := c.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var state syscall.WaitStatus
	if _, err := syscall.Wait4(c.Process.Pid, &state, syscall.WUNTRACED, nil); err != nil || !state.Stopped() {
		t.Fatalf("the child does not stand still: %v", err)
	}
	if err := os.Remove(path + "-shm"); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Backup(t.Context(), path, filepath.Join(t.TempDir(), "backup.db"),
		sqlite.BackupOptions{}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("backed up beside a process that has another index: %v", err)
	}
	store, err := tryOpen(t.Context(), path, sqlite.Options{})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("opened beside a process that has another index: %v", err)
	}
	if err == nil { // show what comes of it
		for n := range 20 {
			key := fmt.Sprint("second-", n)
			if receipt, err := store.Add(t.Context(), ledger.Default, entry(key)); err == nil {
				acknowledged[idempotency.Key(key)] = receipt.Expense.ID
			}
		}
	}
	if err := c.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	for read() { // it is told at its next commit, and ends
	}
	_ = c.Wait()
	if store.db != nil {
		_ = store.db.Close()
	}
	wantStored(t, open(t, path), acknowledged)
}
