package sqlite

import (
	"database/sql"
	"testing"
	"time"
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
