package postgres_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// A kill takes what PostgreSQL had in memory, and every answer under way.
func TestEveryAcknowledgedAddOutlivesAKilledServer(t *testing.T) {
	const clients, kills = 16, 3
	server := postgrestest.StartServer(t)
	store := open(t, server.URL(), postgres.Options{OperationTimeout: 2 * time.Second})
	currency := usd(t)

	var number, unavailable atomic.Int64
	var acknowledged sync.Map // number of the entry: its ID
	stop := make(chan struct{})
	var running sync.WaitGroup
	for range clients {
		running.Go(func() {
			for n := number.Add(1); ; {
				select {
				case <-stop:
					return
				default:
				}
				receipt, err := store.Add(t.Context(), ledger.Default, entry(n, currency))
				switch {
				case err == nil:
					acknowledged.Store(n, receipt.Expense.ID)
					n = number.Add(1)
				case errors.Is(err, fault.Unavailable):
					unavailable.Add(1) // again, with the same key
					time.Sleep(5 * time.Millisecond)
				default:
					t.Errorf("add: %v", err)
					return
				}
			}
		})
	}
	count := func() (n int) {
		acknowledged.Range(func(any, any) bool { n++; return true })
		return n
	}
	for range kills {
		before := count()
		eventually(t, func() error { return unlessMore(count(), before+200) })
		if err := server.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := store.db.Ready(t.Context()); !errors.Is(err, fault.Unavailable) {
			t.Errorf("ping of a killed server: %v, want Unavailable", err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
	}
	after := count()
	eventually(t, func() error { return unlessMore(count(), after+200) }) // by itself, without opening it again
	close(stop)
	running.Wait()

	if unavailable.Load() == 0 {
		t.Error("no add met the killed server, so this test shows nothing")
	}
	stored := make(map[string]int64)
	for _, row := range query[string](t, server.URL(), "SELECT idempotency_key FROM expense_entry") {
		stored[row]++
	}
	acknowledged.Range(func(n, id any) bool {
		key := entry(n.(int64), currency).Key
		if stored[string(key)] != 1 {
			t.Errorf("%s was acknowledged and is stored %d times", key, stored[string(key)])
		}
		if e, err := store.Get(t.Context(), ledger.Default, id.(expense.ID)); err != nil || e.Price != entry(n.(int64), currency).Price {
			t.Errorf("%s was answered as %v, which is %+v, %v", key, id, e, err)
		}
		return true
	})
	wantSound(t, store)
}

func unlessMore(n, than int) error {
	if n > than {
		return nil
	}
	return errors.New("too few adds are acknowledged")
}

func TestALostConnectionIsReplacedWithoutAnybodyNoticing(t *testing.T) {
	url := postgrestest.Start(t)
	store := open(t, url, postgres.Options{})
	for n := range int64(5) {
		if _, err := store.Add(t.Context(), ledger.Default, entry(n, usd(t))); err != nil {
			t.Fatalf("add %d: %v", n, err)
		}
		execute(t, url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'expense-tracker'")
	}
	if entries, err := store.CountExpenses(t.Context()); err != nil || entries != 5 {
		t.Errorf("%d entries, %v, want 5", entries, err)
	}
}

func TestAPrimaryThatBecameReadOnlyIsUnavailableUntilThereIsAnother(t *testing.T) {
	server := postgrestest.StartServer(t)
	store := open(t, server.URL(), postgres.Options{})
	add := func(n int64) error {
		_, err := store.Add(t.Context(), ledger.Default, entry(n, usd(t)))
		return err
	}
	if err := add(1); err != nil {
		t.Fatal(err)
	}
	execute(t, server.URL(), "ALTER SYSTEM SET default_transaction_read_only = on")
	execute(t, server.URL(), "SELECT pg_reload_conf()")
	eventually(t, func() error {
		if query[string](t, server.URL(), "SHOW default_transaction_read_only")[0] != "on" {
			return errors.New("not read-only yet")
		}
		return nil
	})
	for n := range int64(5) {
		if err := add(100 + n); !errors.Is(err, fault.Unavailable) {
			t.Errorf("add %d to a read-only server: %v, want Unavailable", n, err)
		}
	}
	if _, err := postgres.Open(t.Context(), server.URL(), postgres.Options{}); !errors.Is(err, fault.Unavailable) {
		t.Errorf("open on a read-only server: %v, want Unavailable", err)
	}
	execute(t, server.URL(), "ALTER SYSTEM RESET default_transaction_read_only")
	execute(t, server.URL(), "SELECT pg_reload_conf()")
	eventually(t, func() error { return add(2) })
	if entries, err := store.CountExpenses(t.Context()); err != nil || entries != 2 {
		t.Errorf("%d entries, %v, want 2", entries, err)
	}
}
