package postgres_test

import (
	"fmt"
	"net/url"
	"sync"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// Behind a pooler that gives each transaction another session, one session serves many ledgers, and each statement its own.
func TestTheWallHoldsBehindPgbouncer(t *testing.T) {
	owner := postgrestest.Start(t)
	u, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("expense_pooled", "only-for-tests")
	served := u.String()
	if err := postgres.MigrateAs(t.Context(), postgres.Owner{URL: owner}, served); err != nil {
		t.Fatal(err)
	}
	through := startBouncer(t, served, "pool_mode = transaction", "default_pool_size = 2") + "&default_query_exec_mode=exec"
	store := open(t, through, postgres.Options{MaxConnections: 6})
	if !store.db.HasWall() {
		t.Fatal("there is no wall")
	}
	currency := usd(t)
	const ledgers, rounds = 8, 20
	var done sync.WaitGroup
	for n := range ledgers {
		in := ledger.ID(n + 1)
		done.Go(func() {
			for round := range rounds {
				e := entry(int64(round+1), currency)
				e.Note = fmt.Sprint("of ", in)
				receipt, err := store.Add(t.Context(), in, e)
				if err != nil {
					t.Error(err)
					return
				}
				found, err := store.Get(t.Context(), in, receipt.Expense.ID)
				if err != nil || found.Note != e.Note {
					t.Errorf("ledger %d gets %+v, %v", in, found, err)
				}
				listed, err := store.List(t.Context(), in, expense.ListQuery{Limit: 100})
				if err != nil || len(listed) != round+1 {
					t.Errorf("ledger %d lists %d, %v, want %d", in, len(listed), err, round+1)
				}
			}
		})
	}
	done.Wait()
	if n, err := store.CountExpenses(t.Context()); err != nil || n != ledgers*rounds {
		t.Errorf("%d expenses in all, %v", n, err)
	}
	for n := range ledgers {
		if different, err := store.Audit(t.Context(), ledger.ID(n+1), false); err != nil || len(different) > 0 {
			t.Errorf("ledger %d: %+v, %v", n+1, different, err)
		}
	}
}
