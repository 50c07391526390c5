// Package sqlledger keeps ledgers as data in the databases that speak SQL: it implements ledger.Store, whole.
package sqlledger

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlmoney"
	"expense-tracker/core/ledger"
)

const (
	// A ledger that has rows and was never defined has no name.
	ledgerByID   = `SELECT id, name, currency, time_zone FROM ledger WHERE id = $1 AND name IS NOT NULL`
	defineLedger = `UPDATE ledger SET name = $2, currency = $3, time_zone = $4 WHERE id = $1`
)

// Store implements ledger.Store.
type Store struct {
	runner             *sqlkit.Runner
	currencies         *sqlmoney.Currencies
	byID, defineLedger string // with the driver's placeholders
}

var _ ledger.Store = (*Store)(nil)

// New returns a Store that asks through the runner.
func New(runner *sqlkit.Runner, currencies *sqlmoney.Currencies) *Store {
	return &Store{runner: runner, currencies: currencies, byID: runner.Rebind(ledgerByID), defineLedger: runner.Rebind(defineLedger)}
}

// State implements ledger.StateStore.
func (s *Store) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	return s.runner.State(ctx, "sqlledger.State", in)
}

// Ledger implements ledger.Store.
func (s *Store) Ledger(ctx context.Context, id ledger.ID) (ledger.Ledger, error) {
	const op = "sqlledger.Ledger"
	found, err := sqlkit.Rows(ctx, s.runner, op, id, s.scan, s.byID)
	if err == nil && len(found) == 0 {
		return ledger.Ledger{}, ledger.NotDefined(op)
	}
	return append(found, ledger.Ledger{})[0], err
}

// Define implements ledger.Store.
func (s *Store) Define(ctx context.Context, given ledger.Ledger) (ledger.Ledger, error) {
	const op = "sqlledger.Define"
	if err := given.Check(op); err != nil {
		return ledger.Ledger{}, err
	}
	wanted := given
	err := s.runner.Write(ctx, op, given.ID, func(ctx context.Context, tx *sql.Tx) (err error) {
		if wanted.Currency, err = s.currencies.Counting(given.Currency); err != nil {
			return err
		}
		stored, err := sqlkit.Collect(ctx, tx, s.scan, s.byID, given.ID)
		if err != nil {
			return fmt.Errorf("ledger %d: %w", given.ID, err)
		}
		if len(stored) > 0 && stored[0].Equal(wanted) {
			return sqlkit.ErrNothingChanged
		}
		_, err = tx.ExecContext(ctx, s.defineLedger, given.ID, wanted.Name, wanted.Currency.Code(), wanted.ZoneName())
		return err
	})
	if err != nil {
		return ledger.Ledger{}, err
	}
	return wanted, nil
}

func (s *Store) scan(from sqlkit.Scanner) (ledger.Ledger, error) {
	var l ledger.Ledger
	var code, zone string
	if err := from.Scan(&l.ID, &l.Name, &code, &zone); err != nil {
		return l, err
	}
	var err error
	if l.Zone, err = time.LoadLocation(zone); err != nil {
		return l, fmt.Errorf("time zone of ledger %d: %w", l.ID, err)
	}
	l.Currency, err = s.currencies.Stored(code)
	return l, err
}
