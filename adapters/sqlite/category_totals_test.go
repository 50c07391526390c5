package sqlite_test

import (
	"fmt"
	"testing"

	"expense-tracker/adapters/internal/mergetest"
	"expense-tracker/adapters/internal/migrationtest"
	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/ledger"
)

// execute runs statements past the storage.
func execute(t *testing.T, path, statements string) {
	t.Helper()
	db := openPlain(t, path)
	if _, err := db.Exec("PRAGMA busy_timeout = 10000; " + statements); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// backToBefore undoes the migration of category totals, as if the version before had run until now.
func backToBefore(t *testing.T, path string) {
	t.Helper()
	execute(t, path, withoutFields+`ALTER TABLE ledger DROP COLUMN name;
		ALTER TABLE ledger DROP COLUMN currency; ALTER TABLE ledger DROP COLUMN time_zone;
		DROP TRIGGER category_was_merged; DROP TRIGGER expense_total_was_made;
		DROP INDEX category_merged; DROP INDEX expense_total_category; DROP INDEX expense_total_largest;
		ALTER TABLE expense_total DROP COLUMN size; `+migrationtest.Forget(t, 3))
}

func TestTotalsFollowAMerge(t *testing.T) {
	mergetest.TestTotalsFollowAMerge(t, func(t *testing.T) mergetest.Database {
		path := newPath(t)
		return mergetest.Database{
			Store:   open(t, path),
			Execute: func(t *testing.T, statements string) { execute(t, path, statements) },
			Count: func(t *testing.T, query string) (n int64) {
				if err := openPlain(t, path).QueryRow(query).Scan(&n); err != nil {
					t.Fatal(err)
				}
				return n
			},
			Price:        func(cents int64) string { return fmt.Sprint(cents) },
			BackToBefore: func(t *testing.T) { backToBefore(t, path) },
			Migrate: func(t *testing.T) {
				if err := sqlite.Migrate(t.Context(), path); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}

// wantSound checks every maintained total against its rows.
func wantSound(t *testing.T, store storage) {
	t.Helper()
	differences, err := store.Audit(t.Context(), ledger.Default, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Errorf("total %+v is stored as %+v and should be %+v", d.Key, d.Stored, d.Actual)
	}
}
