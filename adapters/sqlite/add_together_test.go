package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/money"
)

// Adds of several ledgers that share statements have the outcomes that they have one after the other: of new keys and known ones, of keys
// that come again with the same or another expense, and of categories that are new.
func TestAddsTogetherAreAsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	const ledgers, batches = 5, 12
	together, apart := open(t, newFile(t)), open(t, newFile(t))
	for id := range ledger.ID(ledgers) {
		for _, store := range []storage{together, apart} {
			if _, err := store.db.Ledgers().Define(t.Context(), ledgertest.Ledger(id+1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	draw := rand.New(rand.NewPCG(1, 2))
	seen := map[string]int{}
	for range batches {
		parts := make([]groupcommit.Part, ledgers)
		for i := range parts {
			parts[i].In = ledger.ID(i + 1)
			for range draw.IntN(40) {
				parts[i].Entries = append(parts[i].Entries, drawn(draw))
			}
		}
		got, err := together.db.AddAcross(t.Context(), parts...)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range parts {
			for n, e := range part.Entries {
				want, err := apart.AddAll(t.Context(), part.In, []expense.Entry{e})
				if err != nil {
					t.Fatal(err)
				}
				got[i][n].Receipt.Expense.ID, want[0].Receipt.Expense.ID = 0, 0 // a key that is known takes a number, too
				if fmt.Sprint(got[i][n]) != fmt.Sprint(want[0]) {
					t.Fatalf("ledger %d, %s: %+v, want %+v", part.In, e.Key, got[i][n], want[0])
				}
				seen[fmt.Sprint(want[0].Err != nil, want[0].Receipt.Duplicate)]++
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("outcomes %v: want some new, some again, some refused", seen)
	}
	for id := range ledger.ID(ledgers) {
		wantSame(t, id+1, together, apart)
	}
}

// drawn returns an expense of one of few keys and categories.
func drawn(draw *rand.Rand) expense.Entry {
	e := entry(fmt.Sprint("key-", draw.IntN(120)))
	e.Category = expense.CategoryName(fmt.Sprint("category ", draw.IntN(30)))
	e.Price = money.FromMinor(int64(1+draw.IntN(3)), e.Price.Currency())
	e.Fingerprint[0] = byte(draw.IntN(2))
	e.PaidBy = ledger.UserID(draw.IntN(3))
	return e
}

// wantSame checks that a ledger holds the same in two storages, and that its totals are right.
func wantSame(t *testing.T, in ledger.ID, one, other storage) {
	t.Helper()
	var listed [2]string
	for i, store := range []storage{one, other} {
		expenses, err := store.List(t.Context(), in, expense.ListQuery{Limit: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		categories, err := store.ListCategories(t.Context(), in, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		for n := range expenses {
			expenses[n].ID = 0
		}
		listed[i] = fmt.Sprint(expenses, categories)
		if differences, err := store.Audit(t.Context(), in, false); err != nil || len(differences) > 0 {
			t.Errorf("ledger %d: differences %+v, %v", in, differences, err)
		}
	}
	if listed[0] != listed[1] {
		t.Errorf("ledger %d holds %s, want %s", in, listed[0], listed[1])
	}
}
