package main

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the drivers with which tests look into databases
	_ "modernc.org/sqlite"

	"expense-tracker/adapters/postgres/postgrestest"
)

// kind is a kind of storage that the program can use.
type kind struct {
	name string
	make func(testing.TB) string // returns the URL of a new, empty one
}

func storages() []kind {
	return append([]kind{{"memory", func(testing.TB) string { return "memory:" }}}, durableStorages()...)
}

// durableStorages are those that keep their content over a restart.
func durableStorages() []kind {
	return []kind{{"sqlite", newSQLite}, {"postgres", postgrestest.Start}}
}

func newSQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "expenses.db") }

// onEach runs a test on each of the storages, at the same time.
func onEach(t *testing.T, kinds []kind, test func(t *testing.T, url string)) {
	t.Helper()
	t.Parallel()
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			test(t, k.make(t))
		})
	}
}

// openDatabase opens the database behind a storage, past the program.
func openDatabase(t testing.TB, url string) *sql.DB {
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

// execute changes a database past the program.
func execute(t testing.TB, url, statement string) {
	t.Helper()
	if _, err := openDatabase(t, url).ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// ask returns the one value that a query answers.
func ask[T any](t testing.TB, url, query string) T {
	t.Helper()
	var value T
	if err := openDatabase(t, url).QueryRowContext(t.Context(), query).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

// stored counts the expenses that the database has, as anybody would who looks into it.
func stored(t testing.TB, url string) int {
	t.Helper()
	return ask[int](t, url, "SELECT count(*) FROM expense")
}
