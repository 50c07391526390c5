package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// A row that the database itself refuses does not take its neighbours with it, nor leave its category behind.
func TestBadRowFailsAlone(t *testing.T) {
	store := open(t, newFile(t))
	entries := make([]expense.Entry, 5)
	for i := range entries {
		entries[i] = entry(fmt.Sprint("key-", i))
		entries[i].Category = expense.CategoryName(fmt.Sprint("category ", i/2))
	}
	bad := 4
	entries[bad].Price = money.FromMinor(0, entries[bad].Price.Currency()) // which no service lets through
	results, err := store.AddAll(t.Context(), ledger.Default, entries)
	if err != nil {
		t.Fatal(err)
	}
	for i, result := range results {
		if failed := result.Err != nil; failed != (i == bad) {
			t.Errorf("entry %d: %v", i, result.Err)
		}
	}
	categories, err := store.ListCategories(t.Context(), ledger.Default, "", 10)
	if err != nil || len(categories) != 2 {
		t.Errorf("categories %+v, %v, want those of the entries that were stored", categories, err)
	}
	if differences, err := store.Audit(t.Context(), ledger.Default, false); err != nil || len(differences) > 0 {
		t.Errorf("audit: %+v, %v", differences, err)
	}
}

// A batch that came too late is not acknowledged, and not stored either.
func TestAddAllAfterItsDeadline(t *testing.T) {
	store := open(t, newFile(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if results, err := store.AddAll(ctx, ledger.Default, []expense.Entry{entry("key")}); !errors.Is(err, fault.Unavailable) || results != nil {
		t.Errorf("%+v, %v, want Unavailable", results, err)
	}
	if state, err := store.State(t.Context(), ledger.Default); err != nil || state.Version != 0 {
		t.Errorf("version %d, %v: something was stored", state.Version, err)
	}
}

func TestRefusedBatchLeavesTheVersion(t *testing.T) {
	store := open(t, newFile(t))
	if _, err := store.Add(t.Context(), ledger.Default, entry("key")); err != nil {
		t.Fatal(err)
	}
	if again, err := store.Add(t.Context(), ledger.Default, entry("key")); err != nil || !again.Duplicate {
		t.Fatalf("%+v, %v", again, err)
	}
	if state, err := store.State(t.Context(), ledger.Default); err != nil || state.Version != 1 {
		t.Errorf("version %d, %v, want 1", state.Version, err)
	}
}
