package postgres_test

import (
	"sync/atomic"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/ledger"
)

// BenchmarkAddOfAThousandLedgers measures adds of 32 clients at once, each to the next of a thousand ledgers, that share commits.
func BenchmarkAddOfAThousandLedgers(b *testing.B) {
	const ledgers = 1000
	store := open(b, postgrestest.Start(b), postgres.Options{})
	currency := usd(b)
	var n atomic.Int64
	add := func() {
		one := n.Add(1)
		if _, err := store.Add(b.Context(), ledger.ID(one%ledgers+1), entry(one, currency)); err != nil {
			b.Error(err)
		}
	}
	warm := b.N
	b.N = ledgers * 20
	runClients(b, 32, add) // every category exists, and every plan is made
	b.N = warm
	b.ReportAllocs()
	b.ResetTimer()
	runClients(b, 32, add)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "adds/s")
}
