package postgres_test

import (
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/ledger"
)

// A connection that served a call and was idle for longer than a call may take is still good. A new one costs much, and its statements
// have to be planned again.
func TestAConnectionOutlivesItsCalls(t *testing.T) {
	const timeout = 2 * time.Second // which no call reaches, on a machine that does much else
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{OperationTimeout: timeout, MaxConnections: 2})
	call := func(n int64) {
		t.Helper()
		if _, err := store.Add(t.Context(), ledger.Default, entry(n, usd(t))); err != nil {
			t.Fatal(err)
		}
		if _, err := store.State(t.Context(), ledger.Default); err != nil {
			t.Fatal(err)
		}
	}
	sessions := func() string {
		return query[string](t, database, `SELECT coalesce(string_agg(pid::text, ' ' ORDER BY pid), '') FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'expense-tracker'`)[0]
	}
	call(1)
	before := sessions()
	time.Sleep(timeout + time.Second) // which is as well when the driver asks a connection whether it is still there
	call(2)
	if after := sessions(); before == "" || after != before {
		t.Errorf("sessions %s, and after being idle %s", before, after)
	}
}
