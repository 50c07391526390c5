package memory_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Refunds of another year keep a category's total small, while those of two months are more than 64 bits hold. Their sum is refused, as
// by the databases, and not told wrong.
func TestAYearBeyondWhatCanBeKeptIsNotToldWrong(t *testing.T) {
	const each = 4_700 // the largest 64-bit number has room for 9,223 prices of 999,999,999,999,999
	store := memory.New().Expenses()
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	largest := money.FromMinor(999_999_999_999_999, usd)
	add := func(month civil.Month, category expense.CategoryName, refund bool) {
		t.Helper()
		entries := make([]expense.Entry, each)
		for i := range entries {
			entries[i] = expense.Entry{Key: idempotency.Key(fmt.Sprint(month, i)), CreatedAt: time.Unix(0, 0)}
			entries[i].Date, entries[i].Category, entries[i].Price, entries[i].Refund = month.First(), category, largest, refund
		}
		results, err := store.AddAll(t.Context(), ledger.Default, entries)
		if err != nil {
			t.Fatal(err)
		}
		for _, result := range results {
			if result.Err != nil {
				t.Fatal(result.Err)
			}
		}
	}
	add(civil.Month{Year: 2025, Month: 12}, "yacht", true)
	add(civil.Month{Year: 2026, Month: 1}, "yacht", false)
	add(civil.Month{Year: 2026, Month: 2}, "sold", true)
	add(civil.Month{Year: 2026, Month: 3}, "yacht", false)
	_, err = store.Report(t.Context(), ledger.Default,
		expense.ReportQuery{Year: 2026, Categories: 2, Largest: 2, Currency: "USD", Currencies: 1})
	if !errors.Is(err, money.ErrOverflow) {
		t.Errorf("the year: %v, want ErrOverflow", err)
	}
}
