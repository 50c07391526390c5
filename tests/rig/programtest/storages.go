package programtest

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the drivers with which tests look into databases
	_ "modernc.org/sqlite"

	"expense-tracker/adapters/postgres/postgrestest"
)

// Kind is a kind of storage that the program can use.
type Kind struct {
	Name string
	Make func(testing.TB) string // returns the URL of a new, empty one
}

// Storages are all kinds of storage that the program can use.
func Storages() []Kind {
	return append([]Kind{{"memory", func(testing.TB) string { return "memory:" }}}, DurableStorages()...)
}

// DurableStorages are those that keep their content over a restart.
func DurableStorages() []Kind {
	return []Kind{{"sqlite", NewSQLite}, {"postgres", postgrestest.Start}}
}

// NewSQLite returns the URL of an SQLite file that does not exist yet, in a folder that goes with the test.
func NewSQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "expenses.db") }

// OnEach runs a test on each of the storages, at the same time.
func OnEach(t *testing.T, kinds []Kind, test func(t *testing.T, url string)) {
	t.Helper()
	t.Parallel()
	for _, k := range kinds {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			test(t, k.Make(t))
		})
	}
}

// OpenDatabase opens the database behind a storage, past the program.
func OpenDatabase(t testing.TB, url string) *sql.DB {
	t.Helper()
	driver, name := "pgx", url
	if path, found := strings.CutPrefix(url, "sqlite:"); found {
		driver, name = "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return db
}

// Execute changes a database past the program.
func Execute(t testing.TB, url, statement string) {
	t.Helper()
	if _, err := OpenDatabase(t, url).ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Ask returns the one value that a query answers.
func Ask[T any](t testing.TB, url, query string) T {
	t.Helper()
	db := OpenDatabase(t, url)
	var value T
	if err := errors.Join(db.QueryRowContext(t.Context(), query).Scan(&value), db.Close()); err != nil { // tests ask again and again
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

// Stored counts the expenses that the database has, as anybody would who looks into it.
func Stored(t testing.TB, url string) int {
	t.Helper()
	return Ask[int](t, url, "SELECT count(*) FROM expense")
}
