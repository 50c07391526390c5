// Package mergetest holds a storage that speaks SQL to its totals when categories are merged, whichever version merged them.
package mergetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Store is what these tests use of a storage.
type Store interface {
	expense.SpendingStore
	expense.CategoryStore
	Overview(ctx context.Context, in ledger.ID, query expense.OverviewQuery) (expense.Overview, error)
	Audit(ctx context.Context, in ledger.ID, repair bool) ([]expense.Discrepancy, error)
}

// Database is a new storage and what is done to it past its port.
type Database struct {
	Store   Store
	Execute func(t *testing.T, statements string)
	Count   func(t *testing.T, query string) int64 // what the query answers
	// Price writes an amount of US dollars, in cents, as the table keeps it.
	Price func(cents int64) string
	// BackToBefore undoes the migration of category totals, and Migrate repeats it.
	BackToBefore, Migrate func(t *testing.T)
}

// TestTotalsFollowAMerge merges two categories of many, by this version and as the version before did, and then edits and deletes their
// expenses.
func TestTotalsFollowAMerge(t *testing.T, open func(t *testing.T) Database) {
	for name, merge := range map[string]func(t *testing.T, d Database, from, into expense.CategoryID){
		"by an instance of the version before": func(t *testing.T, d Database, from, into expense.CategoryID) {
			d.Execute(t, mergeAsBefore(from, into))
		},
		"by this version": func(t *testing.T, d Database, from, into expense.CategoryID) {
			if _, err := d.Store.MergeCategory(t.Context(), ledger.Default, from, revision.Basis{Revision: 1}, into); err != nil {
				t.Fatal(err)
			}
		},
		"before the migration": func(t *testing.T, d Database, from, into expense.CategoryID) {
			d.BackToBefore(t)
			d.Execute(t, mergeAsBefore(from, into))
			d.Migrate(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			added := d.fill(t)
			from, into := added[1].Category.ID, added[2].Category.ID
			merge(t, d, from, into)
			d.wantSound(t)
			d.wantCategory(t, into, added[0].Date.MonthOf(), "[{4 40.30 USD}]")
			for _, e := range []expense.Expense{added[1], added[2]} {
				d.Execute(t, "UPDATE ledger SET version = version + 1;"+d.editAsBefore(e, 5000))
				d.wantSound(t)
			}
			later := added[1].Date.AddDays(40).MonthOf()
			d.wantCategory(t, into, later, "[{4 120.27 USD}]")
			remove := func(e expense.Expense) (expense.Expense, error) {
				e.Deleted = true
				return e, nil
			}
			if _, err := d.Store.Change(t.Context(), ledger.Default, added[13].ID, revision.Basis{Revision: 1}, remove); err != nil {
				t.Fatal(err)
			}
			d.wantSound(t)
			d.wantCategory(t, into, later, "[{3 110.14 USD}]")
			if rows := d.Count(t, fmt.Sprintf("SELECT count(*) FROM expense_total WHERE category_id = %d", from)); rows != 0 {
				t.Errorf("%d totals of a category that was merged away", rows)
			}
		})
	}
}

// fill adds two expenses to each of twelve categories. Those of the second and the third are the largest.
func (d Database) fill(t *testing.T) []expense.Expense {
	t.Helper()
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	var added []expense.Expense
	for n := range int64(24) {
		cents := n + 1
		if n%12 == 1 || n%12 == 2 {
			cents = 1000 + n
		}
		receipt, err := d.Store.Add(t.Context(), ledger.Default, expense.Entry{
			Key: idempotency.Key(fmt.Sprint("key-", n)), Fingerprint: idempotency.Fingerprint{byte(n)},
			Date:     civil.Date{Year: 2026, Month: 5, Day: 3},
			Category: expense.CategoryName(fmt.Sprint("Category ", n%12)), Price: money.FromMinor(cents, usd), Note: "a note",
			CreatedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		})
		if err != nil {
			t.Fatal(err)
		}
		added = append(added, receipt.Expense)
	}
	return added
}

// mergeAsBefore merges categories as the version did that moved no totals.
func mergeAsBefore(from, into expense.CategoryID) string {
	return fmt.Sprintf(`UPDATE ledger SET version = version + 1;
		UPDATE category SET name_key = NULL, merged_into = %d WHERE ledger_id = 1 AND (id = %d OR merged_into = %[2]d)`, into, from)
}

// editAsBefore changes price and month of an expense as that version did, which moves the totals of the category that it was stored under.
func (d Database) editAsBefore(e expense.Expense, cents int64) string {
	move := func(month int, entries, cents int64) (statements string) {
		for _, month := range []int{0, month} {
			for _, category := range []string{"0", fmt.Sprintf("(SELECT category_id FROM expense_entry WHERE id = %d)", e.ID)} {
				statements += fmt.Sprintf(`INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
					VALUES (1, %d, %s, 'USD', %d, %d)
					ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
					SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor;`,
					month, category, entries, cents)
			}
		}
		return statements
	}
	later := e.Date.AddDays(40)
	return fmt.Sprintf(`UPDATE expense_entry SET price = %s, spent_on = '%s', revision = revision + 1 WHERE id = %d;`,
		d.Price(cents), later, e.ID) +
		move(e.Date.MonthOf().Number(), -1, -e.Price.Minor()) + move(later.MonthOf().Number(), 1, cents)
}

// wantSound checks every maintained total against its rows.
func (d Database) wantSound(t *testing.T) {
	t.Helper()
	differences, err := d.Store.Audit(t.Context(), ledger.Default, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Errorf("total %+v is stored as %+v and should be %+v", d.Key, d.Stored, d.Actual)
	}
}

// wantCategory checks a category's totals of all time, and that it is what the overview of a month shows first.
func (d Database) wantCategory(t *testing.T, id expense.CategoryID, month civil.Month, want string) {
	t.Helper()
	summary, err := d.Store.GetCategory(t.Context(), ledger.Default, id)
	if got := fmt.Sprint(summary.Totals); err != nil || got != want {
		t.Errorf("category %s, %v, want %s", got, err, want)
	}
	overview, err := d.Store.Overview(t.Context(), ledger.Default,
		expense.OverviewQuery{Month: month, Months: 1, Categories: 5, Currencies: 1})
	if err != nil || len(overview.Categories) == 0 || overview.Categories[0].Category.ID != id {
		t.Errorf("categories of the month %+v, %v, want %d first", overview.Categories, err, id)
	}
}
