package sqlite_test

import (
	"errors"
	"path/filepath"
	"testing"

	"expense-tracker/adapters/internal/relocation"
	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/ledger"
)

// A program that is started, used and stopped while a copy runs keeps what it stored.
func TestACopyDoesNotReplaceWhatWasStoredMeanwhile(t *testing.T) {
	path := newPath(t)
	if err := sqlite.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	target, err := sqlite.Arrive(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = target.Close() })
	addOnce(t, path, ledger.Default)
	if err := target.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := target.Commit(t.Context()); !errors.Is(err, relocation.ErrNotEmpty) {
		t.Errorf("committed over an expense: %v, want ErrNotEmpty", err)
	}
	if n, err := open(t, path).CountExpenses(t.Context()); err != nil || n != 1 {
		t.Errorf("%d expenses, %v, want 1", n, err)
	}
}

// addOnce adds an expense to a ledger of a data file, and leaves it closed.
func addOnce(t *testing.T, path string, in ledger.ID) {
	t.Helper()
	store, err := tryOpen(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Add(t.Context(), in, entry("key")); err != nil {
		t.Error(err)
	}
	if err := store.db.Close(); err != nil {
		t.Error(err)
	}
}

// What the probe added is no expense that a restore would take away, nor one that a backup has.
func TestTheProbesAreNoExpensesOfABackup(t *testing.T) {
	path, backup := newPath(t), filepath.Join(t.TempDir(), "backup.db")
	addOnce(t, path, ledger.Probe)
	if n, err := sqlite.Backup(t.Context(), path, backup, sqlite.BackupOptions{}); err != nil || n != 0 {
		t.Errorf("the backup has %d expenses, %v, want 0", n, err)
	}
	if done, err := sqlite.Restore(t.Context(), path, backup, sqlite.RestoreOptions{}); err != nil || done.Expenses != 0 {
		t.Errorf("restored %d expenses, %v, want 0", done.Expenses, err)
	}
}
