package memory_test

import (
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/sample"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// entries makes up a household's expenses over ten years.
func entries(b *testing.B, count int) sample.Options {
	b.Helper()
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		b.Fatal(err)
	}
	today := civil.Date{Year: 2026, Month: time.June, Day: 30}
	return sample.Options{Count: count, From: today.AddDays(-3650), To: today, Seed: 1, Currency: usd, Now: time.Unix(0, 0)}
}

func BenchmarkAdd(b *testing.B) {
	store := memory.New().Expenses()
	b.ReportAllocs()
	next := sample.Entries(entries(b, b.N))
	b.ResetTimer()
	for entry := range next {
		if _, err := store.Add(b.Context(), ledger.Default, entry); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOverview(b *testing.B) {
	store := memory.New().Expenses()
	for entry := range sample.Entries(entries(b, 100_000)) {
		if _, err := store.Add(b.Context(), ledger.Default, entry); err != nil {
			b.Fatal(err)
		}
	}
	query := expense.OverviewQuery{Month: civil.Month{Year: 2026, Month: time.June}, Newest: 51, Months: 12, Categories: 12, Suggestions: 200}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := store.Overview(b.Context(), ledger.Default, query); err != nil {
			b.Fatal(err)
		}
	}
}
