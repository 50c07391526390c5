package postgres_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// A call that waits for a connection may be handed a new one, in place of one that broke. Its time does not begin anew with that.
func TestACallEndsInTimeOnANewConnection(t *testing.T) {
	const limit = 2 * time.Second
	database := postgrestest.Start(t)
	for _, as := range []struct{ name, url string }{{"as the owner", database}, {"behind the wall", walled(t, database)}} {
		t.Run(as.name, func(t *testing.T) {
			store := open(t, as.url, postgres.Options{OperationTimeout: limit, MaxConnections: 2}) // one of them for adds
			hold(t, database, "LOCK TABLE account_session, ledger IN ACCESS EXCLUSIVE MODE")
			time.AfterFunc(3*limit/4, func() {
				execute(t, database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
			})
			inTime := func(call func() error) func() {
				return func() {
					began := time.Now()
					if err := call(); !errors.Is(err, fault.Unavailable) {
						t.Errorf("%v, want Unavailable", err)
					}
					if took := time.Since(began); took < limit*9/10 || took > limit*5/4 {
						t.Errorf("a call took %v, want about %v", took, limit)
					}
				}
			}
			var both sync.WaitGroup
			both.Go(inTime(func() error {
				_, err := store.db.Accounts().Visit(t.Context(), account.Digest{1}, 1)
				return err
			}))
			both.Go(inTime(func() error {
				_, err := store.State(t.Context(), ledger.Default)
				return err
			}))
			both.Wait()
		})
	}
}
