package expensetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/text"
)

// SaidEntry is an entry with a text such as people write: a payee, half of the time a note, at times a tag. One in ten was spent at the
// green market, and one in 20,000 names an umbrella.
func SaidEntry(n int, usd money.Currency) expense.Entry {
	payees := []string{"Green Market", "Café Central", "Lidl", "City Transport", "Dr. Müller", "Hardware & More", "Bookshop Anna", "Bakery",
		"Post office", "Online shop"}
	notes := []string{"", "bread, milk, apples", "", "weekly shop", "", "with Ada", "", "for the children", "", "birthday dinner"}
	e := expense.Entry{
		Date:     civil.Date{Year: 2016, Month: time.January, Day: 1}.AddDays(n * 7 % 3652),
		Category: expense.CategoryName(fmt.Sprintf("Category %d", n%18)), Price: money.FromMinor(int64(n%9000+100), usd),
		Payee: payees[n%10], Note: notes[n/10%10], CreatedAt: time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC),
	}
	if n%8 == 0 {
		e.Tags = "family"
	}
	if n%20_000 == 19_999 {
		e.Note = fmt.Sprintf("umbrella %d", n%7)
	}
	e.Fingerprint = expense.FingerprintOf(e)
	return e
}

// BenchmarkSearch measures searches of a ledger that has as many of SaidEntry's expenses as said: the median and the 99th of a hundred.
func BenchmarkSearch(b *testing.B, store expense.Store, rows int) {
	usd := currency(b, "USD")
	for start := 0; start < rows; start += 5000 {
		entries := make([]expense.Entry, 0, 5000)
		for n := start; n < min(rows, start+5000); n++ {
			e := SaidEntry(n, usd)
			e.Key = idempotency.Key(fmt.Sprint("said-", n))
			entries = append(entries, e)
		}
		if _, err := store.AddAll(context.WithoutCancel(b.Context()), ledger.Default, entries); err != nil {
			b.Fatal(err)
		}
	}
	word := func(s string) expense.Filter { return expense.Filter{Terms: []expense.Term{{Text: text.Fold(s)}}} }
	amount := money.FromMinor(1250, usd)
	for _, tt := range []struct {
		name   string
		filter expense.Filter
		rounds int
	}{
		{"rare word", word("umbrella"), 200},
		{"rare word of some days",
			withDays(word("umbrella"), civil.Date{Year: 2020, Month: 1, Day: 5}, civil.Date{Year: 2021, Month: 1, Day: 7}), 100},
		{"no such word", word("zeppelin"), 100},
		{"word in a tenth", word("green market"), 20},
		{"tag in an eighth", expense.Filter{Tag: "family"}, 10},
		{"category as a word", word("category 7"), 10},
		{"amount", expense.Filter{Terms: []expense.Term{{Text: "12.50", Amount: &amount}}}, 10},
		{"two characters", word("ma"), 5},
		{"everything", expense.Filter{}, 100},
		{"a month", withDays(expense.Filter{}, civil.Date{Year: 2020, Month: 2, Day: 1}, civil.Date{Year: 2020, Month: 2, Day: 29}), 100},
		{"some days", withDays(expense.Filter{}, civil.Date{Year: 2020, Month: 2, Day: 5}, civil.Date{Year: 2020, Month: 4, Day: 7}), 100},
		{"a category", expense.Filter{Categories: []expense.CategoryID{5}}, 100},
		{"a category of a month", withDays(expense.Filter{Categories: []expense.CategoryID{5}},
			civil.Date{Year: 2020, Month: 2, Day: 1}, civil.Date{Year: 2020, Month: 2, Day: 29}), 100},
		{"a lowest price", expense.Filter{Min: &amount}, 5},
	} {
		b.Run(tt.name, func(b *testing.B) {
			query := expense.SearchQuery{Filter: tt.filter, ListQuery: expense.ListQuery{Limit: 51}}
			var took []time.Duration
			for b.Loop() {
				took = took[:0]
				for range tt.rounds {
					begun := time.Now()
					if _, err := store.Search(b.Context(), ledger.Default, query); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(begun))
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
			b.ReportMetric(0, "ns/op")
		})
	}
}
