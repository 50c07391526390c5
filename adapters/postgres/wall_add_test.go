package postgres_test

import (
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// Behind the wall, too, adds of one ledger are stored by one statement. The way of several would look for categories and make those that
// are missing, which here it may not.
func TestAddsBehindTheWallAreOneStatement(t *testing.T) {
	owner := postgrestest.Start(t)
	store := open(t, walled(t, owner), postgres.Options{})
	load(t, store, 12)
	execute(t, owner, "REVOKE INSERT ON category FROM expense_serving")
	for _, batch := range [][]expense.Entry{
		{entry(13, usd(t))},
		{entry(25, usd(t)), entry(37, usd(t))},
		{entry(13, usd(t)), entry(49, usd(t))},
	} {
		results, err := store.AddAll(t.Context(), ledger.Default, batch)
		if err != nil {
			t.Fatal(err)
		}
		for i, result := range results {
			known := len(results) == 2 && batch[i].Key == entry(13, usd(t)).Key
			if result.Err != nil || result.Receipt.Duplicate != known {
				t.Errorf("%s: %+v, want duplicate %t", batch[i].Key, result, known)
			}
		}
	}
	wantSound(t, store)
}
