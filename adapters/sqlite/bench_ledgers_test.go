package sqlite_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

// BenchmarkAddOfLedgers measures adds of 32 clients at once, each to the next of the ledgers, as people add: of the days that have just
// been, to a dozen categories.
func BenchmarkAddOfLedgers(b *testing.B) {
	for _, ledgers := range []int64{1, 1000} {
		b.Run(fmt.Sprintf("ledgers=%d", ledgers), func(b *testing.B) {
			store := open(b, newPath(b))
			for id := range ledgers {
				if _, err := store.db.Ledgers().Define(b.Context(), ledgertest.Ledger(ledger.ID(id+1))); err != nil {
					b.Fatal(err)
				}
			}
			var n atomic.Int64
			add := func() {
				one := n.Add(1)
				e := entry(fmt.Sprint("key-", one))
				e.Date = civil.Date{Year: 2026, Month: 11, Day: 1 + int(one/ledgers)%4}
				if _, err := store.Add(b.Context(), ledger.ID(one%ledgers+1), e); err != nil {
					b.Error(err)
				}
			}
			clients := func(calls int) {
				var all sync.WaitGroup
				var left atomic.Int64
				left.Store(int64(calls))
				for range 32 {
					all.Go(func() {
						for left.Add(-1) >= 0 {
							add()
						}
					})
				}
				all.Wait()
			}
			clients(4_000) // every ledger has its category
			b.ReportAllocs()
			b.ResetTimer()
			clients(b.N)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "adds/s")
		})
	}
}
