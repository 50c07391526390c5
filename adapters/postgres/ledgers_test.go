package postgres_test

import (
	"errors"
	"testing"

	"expense-tracker/adapters/internal/migrationtest"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

// backToUndefined undoes the migration that gave ledgers a name, a currency and a zone.
func backToUndefined(t *testing.T, database string) {
	t.Helper()
	execute(t, database, withoutFields+`ALTER TABLE ledger DROP COLUMN name, DROP COLUMN currency, DROP COLUMN time_zone; `+
		migrationtest.Forget(t, 4))
}

// touchAsBefore gives the default ledger a new state as an instance of the version before does.
const touchAsBefore = `INSERT INTO ledger (id, version, mark) VALUES (1, 1, 7)
	ON CONFLICT (id) DO UPDATE SET version = ledger.version + 1, mark = excluded.mark`

func TestALedgerOfTheVersionBeforeIsDefined(t *testing.T) {
	database := postgrestest.Start(t)
	load(t, open(t, database, postgres.Options{}), 10)
	backToUndefined(t, database)
	later := open(t, database, postgres.Options{})
	wantSound(t, later)
	if got, err := later.db.Ledgers().Ledger(t.Context(), ledger.Default); !errors.Is(err, fault.NotFound) {
		t.Errorf("before it is defined: %+v, %v, want NotFound", got, err)
	}
	want := ledgertest.Ledger(ledger.Default)
	if _, err := later.db.Ledgers().Define(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	before := stateOf(t, later)
	execute(t, database, touchAsBefore)
	if got, err := later.db.Ledgers().Ledger(t.Context(), ledger.Default); err != nil || !got.Equal(want) {
		t.Errorf("after the version before wrote: %+v, %v, want %+v", got, err, want)
	}
	if state := stateOf(t, later); state != (ledger.State{Version: before.Version + 1, Mark: 7}) {
		t.Errorf("state %v, want the one after %v", state, before)
	}
	if n, err := later.CountExpenses(t.Context()); err != nil || n != 10 {
		t.Errorf("%d entries, %v, want 10", n, err)
	}
}
