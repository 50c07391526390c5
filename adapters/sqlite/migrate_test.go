package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/ledger"
)

// openPlain opens a file as any other program would.
func openPlain(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// migrations counts the files of them, and returns the number of the newest.
func migrations(t *testing.T) (count, newest int) {
	t.Helper()
	files, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	digits, _, _ := strings.Cut(files[len(files)-1].Name(), "_")
	if newest, err = strconv.Atoi(digits); err != nil {
		t.Fatal(err)
	}
	return len(files), newest
}

func TestMigrate(t *testing.T) {
	path := newPath(t)
	if version, err := sqlite.SchemaVersion(t.Context(), path); err != nil || version != 0 {
		t.Errorf("version %d of no file, %v, want 0", version, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("asking for the version left a file: %v", err)
	}
	_, newest := migrations(t)
	for range 2 {
		if err := sqlite.Migrate(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if version, err := sqlite.SchemaVersion(t.Context(), path); err != nil || version != int64(newest) {
			t.Errorf("version %d, %v, want %d", version, err, newest)
		}
	}
}

func TestMigrateAtOnce(t *testing.T) {
	count, _ := migrations(t)
	for range 5 {
		path := newPath(t)
		started := time.Now()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				store, err := tryOpen(t.Context(), path, sqlite.Options{OperationTimeout: patience})
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := store.Add(t.Context(), ledger.Default, entry("key")); err != nil {
					t.Error(err)
				}
				if err := store.db.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took := time.Since(started); took > patience/2 {
			t.Errorf("it took %s: somebody waited in vain", took)
		}
		if n, err := open(t, path).CountExpenses(t.Context()); err != nil || n != 1 {
			t.Errorf("%d entries, %v, want 1", n, err)
		}
		var rows int
		if err := openPlain(t, path).QueryRow(`SELECT count(*) FROM expense_schema_version`).Scan(&rows); err != nil || rows != count+1 {
			t.Errorf("%d rows of applied migrations, %v, want each once", rows, err)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	path := newPath(t)
	if err := sqlite.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if _, err := openPlain(t, path).Exec(`INSERT INTO expense_schema_version (version_id, is_applied) VALUES (99, 1)`); err != nil {
		t.Fatal(err)
	}
	open(t, path) // it has taken nothing away
	if _, err := openPlain(t, path).Exec(`UPDATE expense_schema_reach SET oldest = 99`); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), path, sqlite.Options{}); !errors.Is(err, sqlite.ErrNewerSchema) {
		t.Errorf("open: %v, want ErrNewerSchema", err)
	}
	if err := sqlite.Migrate(t.Context(), path); !errors.Is(err, sqlite.ErrNewerSchema) {
		t.Errorf("migrate: %v, want ErrNewerSchema", err)
	}
}

// A file keeps the decimals that its prices were stored with.
func TestOtherDecimalsStay(t *testing.T) {
	path := newPath(t)
	if err := sqlite.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if _, err := openPlain(t, path).Exec(`INSERT INTO currency (code, digits, scale) VALUES ('USD', 3, 1000)`); err != nil {
		t.Fatal(err)
	}
	store := open(t, path)
	if c, err := store.Currency(t.Context(), "USD"); err != nil || c.Digits() != 3 {
		t.Errorf("dollars have %d decimals, %v, want the file's 3", c.Digits(), err)
	}
	receipt, err := store.Add(t.Context(), ledger.Default, entry("key"))
	if err != nil || receipt.Expense.Price.Decimal() != "12.500" {
		t.Errorf("added %s, %v, want 12.500", receipt.Expense.Price, err)
	}
	if _, err := openPlain(t, path).Exec(`INSERT INTO currency (code, digits, scale) VALUES ('XHR', 1, 10)`); err != nil {
		t.Fatal(err)
	}
	if c, err := store.Currency(t.Context(), "XHR"); err != nil || c.Digits() != 1 {
		t.Errorf("a currency that another process has added has %d decimals, %v, want 1", c.Digits(), err)
	}
}

// A migration that comes later than its number says is applied all the same.
func TestALateMigrationIsApplied(t *testing.T) {
	path := newPath(t)
	if err := sqlite.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	plain := openPlain(t, path)
	if _, err := plain.Exec(`DROP TABLE audit_run; DELETE FROM expense_schema_version WHERE version_id = 27`); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	var rows int
	if err := plain.QueryRow(`SELECT count(*) FROM audit_run`).Scan(&rows); err != nil {
		t.Error(err)
	}
}
