package postgres_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// BenchmarkAdd measures adds of one ledger that share commits, at several concurrencies; compare with pgbench's plain inserts.
func BenchmarkAdd(b *testing.B) {
	for _, clients := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			store := open(b, postgrestest.Start(b), postgres.Options{})
			currency := usd(b)
			var n atomic.Int64
			add := func() {
				if _, err := store.Add(b.Context(), ledger.Default, entry(n.Add(1), currency)); err != nil {
					b.Error(err)
				}
			}
			for range 1000 {
				add() // every category exists, and every plan is made
			}
			b.ReportAllocs()
			b.ResetTimer()
			runClients(b, clients, add)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "adds/s")
		})
	}
}

// runClients calls f b.N times from as many goroutines as said.
func runClients(b *testing.B, clients int, f func()) { runCalls(clients, b.N, f) }

func runCalls(clients, calls int, f func()) {
	var next atomic.Int64
	done := make(chan struct{})
	for range clients {
		go func() {
			defer func() { done <- struct{}{} }()
			for next.Add(1) <= int64(calls) {
				f()
			}
		}()
	}
	for range clients {
		<-done
	}
}

// BenchmarkAddAll measures loading in batches of 5,000.
func BenchmarkAddAll(b *testing.B) {
	const batch = 5000
	store := open(b, postgrestest.Start(b), postgres.Options{OperationTimeout: time.Minute})
	currency := usd(b)
	var n int64
	b.ReportAllocs()
	for b.Loop() {
		entries := make([]expense.Entry, batch)
		for i := range entries {
			n++
			entries[i] = entry(n, currency)
		}
		results, err := store.AddAll(b.Context(), ledger.Default, entries)
		if err != nil {
			b.Fatal(err)
		}
		if last := results[batch-1]; last.Err != nil || last.Receipt.Expense.ID == 0 {
			b.Fatalf("last of the batch: %+v", last)
		}
	}
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "rows/s")
}
