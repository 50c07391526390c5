package sqlite_test

import (
	"fmt"
	"testing"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
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
	execute(t, path, `ALTER TABLE ledger DROP COLUMN name; ALTER TABLE ledger DROP COLUMN currency; ALTER TABLE ledger DROP COLUMN time_zone;
		DROP TRIGGER category_was_merged; DROP TRIGGER expense_total_was_made;
		DROP INDEX category_merged; DROP INDEX expense_total_category; DROP INDEX expense_total_largest;
		ALTER TABLE expense_total DROP COLUMN size;
		DELETE FROM expense_schema_version WHERE version_id >= 3`)
}

// wantSound checks every maintained total against its rows.
func wantSound(t *testing.T, store *sqlite.Store) {
	t.Helper()
	differences, err := store.Audit(t.Context(), ledger.Default, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Errorf("total %+v is kept as %+v and should be %+v", d.Key, d.Kept, d.Actual)
	}
}

// mergeAsBefore merges categories as the version did that moved no totals.
func mergeAsBefore(from, into expense.CategoryID) string {
	return fmt.Sprintf(`UPDATE ledger SET version = version + 1;
		UPDATE category SET name_key = NULL, merged_into = %d WHERE ledger_id = 1 AND (id = %d OR merged_into = %[2]d)`, into, from)
}

// editAsBefore changes price and month of an expense as that version did, which moves the totals of the category that it was stored under.
func editAsBefore(e expense.Expense, minor int64) string {
	move := func(month int, entries, minor int64) (statements string) {
		for _, month := range []int{0, month} {
			for _, category := range []string{"0", fmt.Sprintf("(SELECT category_id FROM expense_entry WHERE id = %d)", e.ID)} {
				statements += fmt.Sprintf(`INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor) VALUES (1, %d, %s, 'USD', %d, %d)
					ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
					SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor;`, month, category, entries, minor)
			}
		}
		return statements
	}
	later := e.Date.AddDays(40)
	return fmt.Sprintf(`UPDATE expense_entry SET price = %d, spent_on = '%s', revision = revision + 1 WHERE id = %d;`, minor, later, e.ID) +
		move(e.Date.MonthOf().Number(), -1, -e.Price.Minor()) + move(later.MonthOf().Number(), 1, minor)
}

// wantCategory checks a category's totals of all time, and that it is what the overview of a month shows first.
func wantCategory(t *testing.T, store *sqlite.Store, id expense.CategoryID, month civil.Month, want string) {
	t.Helper()
	summary, err := store.GetCategory(t.Context(), ledger.Default, id)
	if got := fmt.Sprint(summary.Totals); err != nil || got != want {
		t.Errorf("category %s, %v, want %s", got, err, want)
	}
	overview, err := store.Overview(t.Context(), ledger.Default, expense.OverviewQuery{Month: month, Months: 1, Categories: 5, Currencies: 1})
	if err != nil || len(overview.Categories) == 0 || overview.Categories[0].Category.ID != id {
		t.Errorf("categories of the month %+v, %v, want %d first", overview.Categories, err, id)
	}
}

func TestTotalsFollowAMerge(t *testing.T) {
	for _, tt := range []struct {
		name  string
		merge func(t *testing.T, database string, store *sqlite.Store, from, into expense.CategoryID)
	}{
		{"by an instance of the version before", func(t *testing.T, database string, _ *sqlite.Store, from, into expense.CategoryID) {
			execute(t, database, mergeAsBefore(from, into))
		}},
		{"by this version", func(t *testing.T, _ string, store *sqlite.Store, from, into expense.CategoryID) {
			if _, err := store.MergeCategory(t.Context(), ledger.Default, from, expense.Basis{Revision: 1}, into); err != nil {
				t.Fatal(err)
			}
		}},
		{"before the migration", func(t *testing.T, database string, _ *sqlite.Store, from, into expense.CategoryID) {
			backToBefore(t, database)
			execute(t, database, mergeAsBefore(from, into))
			if err := sqlite.Migrate(t.Context(), database); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			database := newPath(t)
			store := open(t, database)
			var added []expense.Expense
			for n := range int64(24) { // of twelve categories
				e := entry(fmt.Sprint("key-", n))
				e.Category = expense.CategoryName(fmt.Sprint("Category ", n%12))
				e.Price = money.FromMinor(n+1, e.Price.Currency())
				e.Date = civil.Date{Year: 2026, Month: 5, Day: 3}
				if n%12 == 1 || n%12 == 2 { // those to merge
					e.Price = money.FromMinor(1000+n, e.Price.Currency())
				}
				receipt, err := store.Add(t.Context(), ledger.Default, e)
				if err != nil {
					t.Fatal(err)
				}
				added = append(added, receipt.Expense)
			}
			from, into := added[1].Category.ID, added[2].Category.ID
			tt.merge(t, database, store, from, into)
			wantSound(t, store)
			wantCategory(t, store, into, added[0].Date.MonthOf(), "[{4 40.30 USD}]")
			for _, e := range []expense.Expense{added[1], added[2]} {
				execute(t, database, "UPDATE ledger SET version = version + 1;"+editAsBefore(e, 5000))
				wantSound(t, store)
			}
			wantCategory(t, store, into, added[1].Date.AddDays(40).MonthOf(), "[{4 120.27 USD}]")
			last := added[13]
			if _, err := store.Change(t.Context(), ledger.Default, last.ID, expense.Basis{Revision: 1}, func(e expense.Expense) (expense.Expense, error) {
				e.Deleted = true
				return e, nil
			}); err != nil {
				t.Fatal(err)
			}
			wantSound(t, store)
			wantCategory(t, store, into, added[1].Date.AddDays(40).MonthOf(), "[{3 110.14 USD}]")
			var rows int
			if err := openPlain(t, database).QueryRow("SELECT count(*) FROM expense_total WHERE category_id = ?", from).Scan(&rows); err != nil || rows != 0 {
				t.Errorf("%d totals of a category that was merged away, %v", rows, err)
			}
		})
	}
}
