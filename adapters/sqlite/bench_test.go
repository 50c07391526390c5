package sqlite_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// benchRows is how many expenses the benchmarks of reads find stored.
const benchRows = 100_000

// filled returns a file with expenses of twenty years in forty categories.
func filled(b *testing.B) (path string, store storage) {
	b.Helper()
	path = newPath(b)
	store = open(b, path)
	const batch = 5000
	for start := 0; start < benchRows; start += batch {
		entries := make([]expense.Entry, batch)
		for i := range entries {
			n := start + i
			entries[i] = entry(fmt.Sprint("stored-", n))
			entries[i].Category = expense.CategoryName(fmt.Sprint("category ", n%40))
			entries[i].Date = someDay.AddDays(-n % 7300)
		}
		if _, err := store.AddAll(context.Background(), ledger.Default, entries); err != nil {
			b.Fatal(err)
		}
	}
	return path, store
}

func BenchmarkAdd(b *testing.B) {
	for _, callers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			store := open(b, newPath(b))
			var next atomic.Int64
			b.ReportAllocs()
			var all sync.WaitGroup
			b.ResetTimer()
			for range callers {
				all.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						if _, err := store.Add(context.Background(), ledger.Default, entry(fmt.Sprint("key-", n))); err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "adds/s")
		})
	}
}

func BenchmarkList(b *testing.B) {
	_, store := filled(b)
	oldest, middle := expense.Position{}, expense.Position{Date: someDay.AddDays(-3650), ID: 1}
	for _, tt := range []struct {
		name  string
		query expense.ListQuery
	}{
		{"newest", expense.ListQuery{Limit: 51}},
		{"middle", expense.ListQuery{Before: &middle, Limit: 51}},
		{"oldest", expense.ListQuery{After: &oldest, Limit: 51}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := store.List(b.Context(), ledger.Default, tt.query); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOverview(b *testing.B) {
	_, store := filled(b)
	query := expense.OverviewQuery{
		Month: someDay.MonthOf(), Newest: 51, Months: 12, Categories: 12, Suggestions: 200, Currency: "USD", Currencies: 10,
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := store.Overview(b.Context(), ledger.Default, query); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkState(b *testing.B) {
	_, store := filled(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := store.State(b.Context(), ledger.Default); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	path, _ := filled(b)
	b.ReportAllocs()
	for b.Loop() {
		again, err := tryOpen(b.Context(), path, sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := again.State(b.Context(), ledger.Default); err != nil {
			b.Fatal(err)
		}
		if err := again.db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
