package postgres_test

import (
	"errors"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// What no standby has may be lost with the primary, so it is not acknowledged: not at once, and not when it is sent again. A request to
// cancel, as drivers send it for a call that took too long, would make the server break off its wait and show the row to the next try.
func TestWhatNoStandbyHasIsNotAcknowledgedByItsRepeat(t *testing.T) {
	server := postgrestest.StartServer(t)
	load(t, open(t, server.URL(), postgres.Options{}), 1) // in no hurry
	store := open(t, server.URL(), postgres.Options{OperationTimeout: 500 * time.Millisecond})
	configure(t, server, "SET synchronous_standby_names = 'nobody'")
	for try := range 6 {
		if _, err := store.Add(t.Context(), ledger.Default, entry(2, usd(t))); !errors.Is(err, fault.Unavailable) {
			t.Fatalf("try %d of an add that no standby has: %v, want Unavailable", try+1, err)
		}
		time.Sleep(200 * time.Millisecond) // in which a request to cancel would have arrived
	}
	if seen := query[int](t, server.URL(), "SELECT count(*) FROM expense_entry")[0]; seen != 1 {
		t.Errorf("%d rows are seen, one of which no standby has", seen)
	}
	configure(t, server, "RESET synchronous_standby_names")
	eventually(t, func() error {
		_, err := store.Add(t.Context(), ledger.Default, entry(2, usd(t)))
		return err
	})
	if entries, err := store.CountExpenses(t.Context()); err != nil || entries != 2 {
		t.Errorf("%d entries, %v, want 2", entries, err)
	}
}
