package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"expense-tracker/core/ledger"
)

const (
	// A ledger that has rows and was never defined has no name.
	ledgerByID   = `SELECT id, name, currency, time_zone FROM ledger WHERE id = $1 AND name IS NOT NULL`
	defineLedger = `UPDATE ledger SET name = $2, currency = $3, time_zone = $4 WHERE id = $1`
)

// Ledger implements ledger.Store.
func (s *Store) Ledger(ctx context.Context, id ledger.ID) (ledger.Ledger, error) {
	const op = "sqlstore.Ledger"
	ctx, cancel := s.Bounded(ctx)
	defer cancel()
	found, err := read(ctx, s, id, s.scanLedger, s.sql.ledgerByID)
	if err == nil && len(found) == 0 {
		return ledger.Ledger{}, ledger.NotDefined(op)
	}
	return append(found, ledger.Ledger{})[0], s.dialect.Fault(op, err)
}

// Define implements ledger.Store.
func (s *Store) Define(ctx context.Context, given ledger.Ledger) (ledger.Ledger, error) {
	const op = "sqlstore.Define"
	if err := given.Check(op); err != nil {
		return ledger.Ledger{}, err
	}
	ctx, cancel := s.Bounded(ctx)
	defer cancel()
	err := s.Write(ctx, op, given.ID, func(ctx context.Context, tx *sql.Tx) error {
		stored, ok := s.currencies.of(given.Currency.Code())
		if !ok {
			return &unknownCurrency{code: given.Currency.Code(), given: given.Currency}
		}
		given.Currency = stored
		found, err := collect(ctx, tx, s.scanLedger, s.sql.ledgerByID, given.ID)
		if err != nil {
			return fmt.Errorf("ledger %d: %w", given.ID, err)
		}
		if len(found) > 0 && found[0].Equal(given) {
			return ErrNothingChanged
		}
		_, err = tx.ExecContext(ctx, s.sql.defineLedger, given.ID, given.Name, given.Currency.Code(), given.ZoneName())
		return err
	})
	if err != nil {
		return ledger.Ledger{}, err
	}
	return given, nil
}

func (s *Store) scanLedger(from scanner) (ledger.Ledger, error) {
	var l ledger.Ledger
	var code, zone string
	if err := from.Scan(&l.ID, &l.Name, &code, &zone); err != nil {
		return l, err
	}
	var err error
	if l.Zone, err = time.LoadLocation(zone); err != nil {
		return l, fmt.Errorf("time zone of ledger %d: %w", l.ID, err)
	}
	l.Currency, err = s.currency(code)
	return l, err
}
