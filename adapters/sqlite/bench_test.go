package sqlite_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// benchRows is how many expenses the benchmarks of reads find stored: -short for a look, the figure in question otherwise.
func benchRows() int {
	if testing.Short() {
		return 10_000
	}
	return 1_000_000
}

// fill stores expenses of twenty years in forty categories.
func fill(b *testing.B, store *sqlite.Store, count int) {
	b.Helper()
	const batch = 5000
	for start := 0; start < count; start += batch {
		entries := make([]expense.Entry, min(batch, count-start))
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

func BenchmarkRead(b *testing.B) {
	path := newPath(b)
	store := open(b, path)
	fill(b, store, benchRows())
	oldest := expense.Position{}
	middle := expense.Position{Date: someDay.AddDays(-3650), ID: 1}
	month := civil.Month{Year: 2026, Month: 2}
	for _, tt := range []struct {
		name string
		call func(context.Context) error
	}{
		{"List/newest", func(ctx context.Context) error {
			_, err := store.List(ctx, ledger.Default, expense.ListQuery{Limit: 51})
			return err
		}},
		{"List/middle", func(ctx context.Context) error {
			_, err := store.List(ctx, ledger.Default, expense.ListQuery{Before: &middle, Limit: 51})
			return err
		}},
		{"List/oldest", func(ctx context.Context) error {
			_, err := store.List(ctx, ledger.Default, expense.ListQuery{After: &oldest, Limit: 51})
			return err
		}},
		{"Overview", func(ctx context.Context) error {
			_, err := store.Overview(ctx, ledger.Default, expense.OverviewQuery{Month: month, Newest: 51, Months: 12, Categories: 12, Suggestions: 200})
			return err
		}},
		{"Version", func(ctx context.Context) error {
			_, err := store.Version(ctx, ledger.Default)
			return err
		}},
		{"Open", func(ctx context.Context) error {
			again, err := sqlite.Open(ctx, path, sqlite.Options{})
			if err != nil {
				return err
			}
			if _, err := again.Version(ctx, ledger.Default); err != nil {
				return err
			}
			return again.Close()
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := tt.call(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
