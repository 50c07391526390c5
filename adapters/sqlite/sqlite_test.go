package sqlite_test

import (
	"path/filepath"
	"testing"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/expensetest"
)

func TestStore(t *testing.T) {
	expensetest.TestStore(t, func(t *testing.T) expense.Store { return open(t, newPath(t)) })
}

// newPath returns where a data file may come to be.
func newPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "expenses.db")
}

// open opens a data file for as long as the test runs.
func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}
