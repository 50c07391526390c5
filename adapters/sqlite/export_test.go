package sqlite

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/core/expense"
)

// LockForTest writes to a file as another program would that does not end its transaction until it is told to.
func LockForTest(t *testing.T, path string) (unlock func()) {
	t.Helper()
	db := sql.OpenDB(file(path).connector(writing, time.Second))
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// OpenReadersForTest takes every connection that reads, so that those open which have not yet, and gives them back.
func (s *DB) OpenReadersForTest(t *testing.T) []error {
	t.Helper()
	var failures []error
	for range readers {
		c, err := s.reader.Conn(t.Context())
		if err != nil {
			failures = append(failures, err)
			continue
		}
		defer func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}()
		var expenses int // SQLite opens the log with the first query
		if err := c.QueryRowContext(t.Context(), `SELECT count(*) FROM expense_entry`).Scan(&expenses); err != nil {
			failures = append(failures, err)
		}
	}
	return failures
}

// LookIntoForTest looks into the data file as if it had changed.
func LookIntoForTest(s *DB) error { return s.guard.check(true) }

// Rebind is how the dialect writes placeholders.
func Rebind(query string) string { return dialect{}.Rebind(query) }

// AddAcross is what shares a commit among ledgers.
func (s *DB) AddAcross(ctx context.Context, parts ...groupcommit.Part) ([][]expense.AddResult, error) {
	return s.expenses.addAcross(ctx, parts)
}
