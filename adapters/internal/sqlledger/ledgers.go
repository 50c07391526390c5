// Package sqlledger keeps ledgers as data in the databases that speak SQL: it implements ledger.Store, whole.
package sqlledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlmoney"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

const (
	// Columns are what Scan reads of a ledger l.
	Columns = `l.id, l.name, l.currency, l.time_zone`

	// A ledger that has rows and was never defined has no name.
	ledgerByID   = `SELECT ` + Columns + ` FROM ledger l WHERE l.id = $1 AND l.name IS NOT NULL`
	allLedgers   = `SELECT ` + Columns + ` FROM ledger l WHERE l.id > $1 AND l.name IS NOT NULL ORDER BY l.id LIMIT $2`
	defineLedger = `UPDATE ledger SET name = $2, currency = $3, time_zone = $4 WHERE id = $1`
)

// Store implements ledger.Store.
type Store struct {
	runner                  *sqlkit.Runner
	currencies              *sqlmoney.Currencies
	byID, all, defineLedger string // with the driver's placeholders
	erasing                 []string
	forget                  string
	zones                   sync.Map // of *time.Location by the name of a zone that a ledger has
}

var _ ledger.Store = (*Store)(nil)

// New returns a Store that asks through the runner.
func New(runner *sqlkit.Runner, currencies *sqlmoney.Currencies) *Store {
	return &Store{
		runner: runner, currencies: currencies,
		byID: runner.Rebind(ledgerByID), all: runner.Rebind(allLedgers), defineLedger: runner.Rebind(defineLedger),
		erasing: erasing(runner.Rebind), forget: runner.Rebind(forgetLedger),
	}
}

// State implements ledger.StateStore.
func (s *Store) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	return s.runner.State(ctx, "sqlledger.State", in)
}

// Ledger implements ledger.Store.
func (s *Store) Ledger(ctx context.Context, id ledger.ID) (found ledger.Ledger, err error) {
	const op = "sqlledger.Ledger"
	err = s.runner.Read(ctx, op, id, func(ctx context.Context, on sqlkit.Querier) error {
		found, err = s.LedgerOn(ctx, on, op, id)
		return err
	})
	return found, err
}

// All implements ledger.Store.
func (s *Store) All(ctx context.Context, after ledger.ID, limit int) (found []ledger.Ledger, err error) {
	err = s.runner.ReadEvery(ctx, "sqlledger.All", func(ctx context.Context, on sqlkit.Querier) error {
		found, err = sqlkit.Collect(ctx, on, s.scan, s.all, after, limit)
		return err
	})
	return found, err
}

// LedgerOn is Ledger as a transaction sees it. A driver's error is left as it is.
func (s *Store) LedgerOn(ctx context.Context, on sqlkit.Querier, op string, id ledger.ID) (ledger.Ledger, error) {
	found, err := sqlkit.Collect(ctx, on, s.scan, s.byID, id)
	switch {
	case err != nil:
		return ledger.Ledger{}, fmt.Errorf("ledger %d: %w", id, err)
	case len(found) == 0:
		return ledger.Ledger{}, ledger.NotDefined(op)
	}
	return found[0], nil
}

// Define implements ledger.Store.
func (s *Store) Define(ctx context.Context, given ledger.Ledger) (wanted ledger.Ledger, err error) {
	const op = "sqlledger.Define"
	err = s.runner.Write(ctx, op, given.ID, func(ctx context.Context, tx *sql.Tx) error {
		wanted, err = s.DefineIn(ctx, tx, op, given)
		return err
	})
	if err != nil {
		return ledger.Ledger{}, err
	}
	return wanted, nil
}

// DefineIn is Define in a transaction that has touched the ledger's row. A ledger that is so already is ErrNothingChanged.
func (s *Store) DefineIn(ctx context.Context, tx *sql.Tx, op string, given ledger.Ledger) (ledger.Ledger, error) {
	if err := given.Check(op); err != nil {
		return ledger.Ledger{}, err
	}
	wanted := given
	var err error
	if wanted.Currency, err = s.currencies.Counting(given.Currency); err != nil {
		return ledger.Ledger{}, err
	}
	stored, err := s.LedgerOn(ctx, tx, op, given.ID)
	switch {
	case err == nil && stored.Equal(wanted):
		return wanted, sqlkit.ErrNothingChanged
	case err != nil && !errors.Is(err, fault.NotFound):
		return ledger.Ledger{}, err
	}
	_, err = tx.ExecContext(ctx, s.defineLedger, given.ID, wanted.Name, wanted.Currency.Code(), wanted.ZoneName())
	return wanted, err
}

func (s *Store) scan(from sqlkit.Scanner) (ledger.Ledger, error) { return s.Scan(from) }

// Scan reads a ledger's Columns, and those that follow them in a row.
func (s *Store) Scan(from sqlkit.Scanner, more ...any) (ledger.Ledger, error) {
	var id ledger.ID
	var name, code, zone string
	if err := from.Scan(append([]any{&id, &name, &code, &zone}, more...)...); err != nil {
		return ledger.Ledger{}, err
	}
	return s.Of(id, name, code, zone)
}

// Of returns the ledger of what its Columns hold.
func (s *Store) Of(id ledger.ID, name, code, zone string) (l ledger.Ledger, err error) {
	l.ID, l.Name = id, name
	if l.Zone, err = s.location(zone); err != nil {
		return l, fmt.Errorf("time zone of ledger %d: %w", id, err)
	}
	l.Currency, err = s.currencies.Stored(code)
	return l, err
}

// location returns a time zone by its name. To load one reads a file, and a ledger is read with each page.
func (s *Store) location(zone string) (*time.Location, error) {
	if known, ok := s.zones.Load(zone); ok {
		return known.(*time.Location), nil
	}
	loaded, err := time.LoadLocation(zone)
	if err == nil {
		s.zones.Store(zone, loaded)
	}
	return loaded, err
}
