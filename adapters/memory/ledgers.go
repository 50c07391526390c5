package memory

import (
	"context"

	"expense-tracker/core/ledger"
)

// ledgerStore is a ledger.Store.
type ledgerStore struct{ db *DB }

// State implements ledger.StateStore.
func (s ledgerStore) State(_ context.Context, in ledger.ID) (ledger.State, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	return s.db.row(in).state, nil
}

// Ledger implements ledger.Store.
func (s ledgerStore) Ledger(_ context.Context, id ledger.ID) (ledger.Ledger, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	row := s.db.row(id)
	if row.ledger.Name == "" {
		return ledger.Ledger{}, ledger.NotDefined("memory.Ledger")
	}
	return row.ledger, nil
}

// Define implements ledger.Store.
func (s ledgerStore) Define(_ context.Context, given ledger.Ledger) (ledger.Ledger, error) {
	if err := given.Check("memory.Define"); err != nil {
		return ledger.Ledger{}, err
	}
	err := s.db.write(given.ID, func() error {
		if stored, ok := s.db.currencies[given.Currency.Code()]; ok {
			given.Currency = stored
		} else {
			s.db.setCurrency(given.Currency)
		}
		row := s.db.row(given.ID)
		if row.ledger.Equal(given) {
			return errNothingChanged
		}
		row.ledger = given
		s.db.ledgers[given.ID] = &row
		return nil
	})
	return given, err
}
