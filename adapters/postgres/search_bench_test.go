package postgres_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

func BenchmarkSearch(b *testing.B) {
	database := postgrestest.Start(b)
	store := open(b, database, postgres.Options{OperationTimeout: time.Minute})
	expensetest.BenchmarkSearch(b, store, 1_000_000)
}

// BenchmarkAddsWhatIsSearched compares adds with the index of texts and without it.
func BenchmarkAddsWhatIsSearched(b *testing.B) {
	for _, without := range []string{"DROP INDEX expense_entry_search; DROP INDEX expense_entry_category", "SELECT 1"} {
		for _, clients := range []int{1, 32} {
			b.Run(fmt.Sprintf("%.10s/clients=%d", without, clients), func(b *testing.B) {
				database := postgrestest.Start(b)
				store := open(b, database, postgres.Options{})
				execute(b, database, without)
				currency := usd(b)
				var n atomic.Int64
				add := func() {
					e := expensetest.SaidEntry(int(n.Add(1)), currency)
					e.Key = idempotency.Key(fmt.Sprint("key-", n.Add(1)))
					if _, err := store.Add(b.Context(), ledger.Default, e); err != nil {
						b.Error(err)
					}
				}
				for range 1000 {
					add()
				}
				b.ResetTimer()
				runClients(b, clients, add)
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "adds/s")
			})
		}
	}
}
