package postgres_test

import (
	"fmt"
	"testing"

	"expense-tracker/adapters/internal/mergetest"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

func TestTotalsFollowAMerge(t *testing.T) {
	mergetest.TestTotalsFollowAMerge(t, func(t *testing.T) mergetest.Database {
		database := postgrestest.Start(t)
		return mergetest.Database{
			Store:        open(t, database, postgres.Options{}),
			Execute:      func(t *testing.T, statements string) { execute(t, database, statements) },
			Count:        func(t *testing.T, question string) int64 { return query[int64](t, database, question)[0] },
			Price:        func(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) },
			BackToBefore: func(t *testing.T) { backToBefore(t, database) },
			Migrate: func(t *testing.T) {
				if err := postgres.Migrate(t.Context(), database); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}

// Categories of one size differ by less than a factor of three, whichever statement wrote their totals.
func TestSizesOfTotalsAreComparable(t *testing.T) {
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{})
	load(t, store, 500) // many at once, of new categories
	for n := range int64(40) {
		e := entry(1000+n, usd(t)) // alone, some of them to new totals
		e.Price = money.FromMinor(1+n*n*n, usd(t))
		if _, err := store.Add(t.Context(), ledger.Default, e); err != nil {
			t.Fatal(err)
		}
	}
	ids := query[int64](t, database, "SELECT id FROM category ORDER BY id LIMIT 2")
	if _, err := store.MergeCategory(t.Context(), ledger.Default,
		expense.CategoryID(ids[0]), revision.Basis{Revision: 1}, expense.CategoryID(ids[1])); err != nil {
		t.Fatal(err)
	}
	wantSizes := func() {
		t.Helper()
		const wrong = `SELECT count(*) FROM expense_total WHERE category_id > 0 AND size <> floor(ln(greatest(minor, 1)))`
		if n := query[int64](t, database, wrong)[0]; n != 0 {
			t.Errorf("%d totals have another size than their amount", n)
		}
	}
	wantSizes()
	backToBefore(t, database)
	if err := postgres.Migrate(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	wantSizes()
}
