package postgres_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
)

// BenchmarkAddOfLedgers measures adds of 32 clients at once, each to the next of the ledgers, as people add: of the days that have just
// been, to a dozen categories. Without the wall, the role owns the tables.
func BenchmarkAddOfLedgers(b *testing.B) {
	for _, ledgers := range []int64{1, 1000} {
		for _, wall := range []bool{false, true} {
			for _, clients := range []int{1, 32} {
				b.Run(fmt.Sprintf("ledgers=%d/wall=%t/clients=%d", ledgers, wall, clients), func(b *testing.B) {
					database := postgrestest.Start(b)
					if wall {
						database = walled(b, database)
					}
					store := open(b, database, postgres.Options{})
					currency := usd(b)
					var n atomic.Int64
					add := func() {
						one := n.Add(1)
						e := entry(one, currency)
						e.Date = civil.Date{Year: 2026, Month: 11, Day: 1 + int(one/ledgers)%4}
						e.Category = e.Category[:len("Category ")+1]
						if _, err := store.Add(b.Context(), ledger.ID(one%ledgers+1), e); err != nil {
							b.Error(err)
						}
					}
					runCalls(32, 20_000, add) // every category exists, and every plan is made
					b.ReportAllocs()
					b.ResetTimer()
					runClients(b, clients, add)
					b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "adds/s")
				})
			}
		}
	}
}
