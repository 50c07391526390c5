package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

func BenchmarkSearch(b *testing.B) {
	path := newPath(b)
	expensetest.BenchmarkSearch(b, open(b, path), 1_000_000)
}

// BenchmarkAddsWhatIsSearched compares adds with the index of texts and without it.
func BenchmarkAddsWhatIsSearched(b *testing.B) {
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		b.Fatal(err)
	}
	for _, without := range []string{"DROP TRIGGER expense_text_added; DROP INDEX expense_entry_category", "SELECT 1"} {
		for _, callers := range []int{1, 32} {
			b.Run(fmt.Sprintf("%.12s/callers=%d", without, callers), func(b *testing.B) {
				path := newPath(b)
				if err := open(b, path).db.Close(); err != nil {
					b.Fatal(err)
				}
				db, err := sql.Open("sqlite", path)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := db.Exec(without); err != nil {
					b.Fatal(err)
				}
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
				store := open(b, path)
				var next atomic.Int64
				var all sync.WaitGroup
				b.ResetTimer()
				for range callers {
					all.Go(func() {
						for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
							e := expensetest.SaidEntry(int(n), usd)
							e.Key = idempotency.Key(fmt.Sprint("key-", n))
							if _, err := store.Add(context.Background(), ledger.Default, e); err != nil {
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
}
