package sqlite_test

import (
	"errors"
	"testing"

	"expense-tracker/adapters/internal/migrationtest"
	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

// backToUndefined undoes the migration that gave ledgers a name, a currency and a zone.
func backToUndefined(t *testing.T, path string) {
	t.Helper()
	execute(t, path, withoutFields+`ALTER TABLE ledger DROP COLUMN name; ALTER TABLE ledger DROP COLUMN currency; `+
		`ALTER TABLE ledger DROP COLUMN time_zone; `+
		migrationtest.Forget(t, 4))
}

// touchAsBefore gives the default ledger a new state as a process of the version before does.
const touchAsBefore = `INSERT INTO ledger (id, version, mark) VALUES (1, 1, 7)
	ON CONFLICT (id) DO UPDATE SET version = ledger.version + 1, mark = excluded.mark`

func TestALedgerOfTheVersionBeforeIsDefined(t *testing.T) {
	path := newPath(t)
	store := open(t, path)
	if _, err := store.Add(t.Context(), ledger.Default, entry("key")); err != nil {
		t.Fatal(err)
	}
	backToUndefined(t, path)
	if err := sqlite.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	later := open(t, path)
	wantSound(t, later)
	if got, err := later.db.Ledgers().Ledger(t.Context(), ledger.Default); !errors.Is(err, fault.NotFound) {
		t.Errorf("before it is defined: %+v, %v, want NotFound", got, err)
	}
	want := ledgertest.Ledger(ledger.Default)
	if _, err := later.db.Ledgers().Define(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	execute(t, path, touchAsBefore)
	if got, err := later.db.Ledgers().Ledger(t.Context(), ledger.Default); err != nil || !got.Equal(want) {
		t.Errorf("after the version before wrote: %+v, %v, want %+v", got, err, want)
	}
	if state, err := later.State(t.Context(), ledger.Default); err != nil || state != (ledger.State{Version: 3, Mark: 7}) {
		t.Errorf("state %v, %v: want that of an add, a definition and a touch", state, err)
	}
	if n, err := later.CountExpenses(t.Context()); err != nil || n != 1 {
		t.Errorf("%d entries, %v, want 1", n, err)
	}
}
