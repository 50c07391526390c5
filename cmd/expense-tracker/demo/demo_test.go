package demo

import (
	"errors"
	"slices"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense/sample"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/tests/rig/check"
)

// A sample of which one expense cannot be stored is no demo: the start fails with the reason.
func TestADemoThatCannotBeFilledDoesNotStart(t *testing.T) {
	t.Parallel()
	store := memory.New().Expenses()
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	day := civil.Date{Year: 2026, Month: 1, Day: 1}
	taken := slices.Collect(sample.Entries(sample.Options{Count: 1, From: day, To: day, Seed: seed, Currency: usd}))[0]
	taken.Note = "something else with the first one's key"
	if _, err := store.Add(t.Context(), ledger.Default, taken); err != nil {
		t.Fatal(err)
	}
	own := ledger.Ledger{ID: ledger.Default, Currency: usd, Zone: time.UTC}
	err = Fill(t.Context(), store, own, time.Now())
	if !errors.Is(err, fault.Conflict) {
		t.Fatalf("filled with %v", err)
	}
	check.Contains(t, "the reason", err.Error(), "fill the demo", "expense 1 of 1050")
}
