package memory

import (
	"cmp"
	"context"
	"slices"

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
	err := s.db.write(given.ID, func() (err error) {
		given, err = s.db.define(given)
		return err
	})
	return given, err
}

// All implements ledger.Store.
func (s ledgerStore) All(_ context.Context, after ledger.ID, limit int) (found []ledger.Ledger, err error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	for id, row := range s.db.ledgers {
		if id > after && row.ledger.Name != "" {
			found = append(found, row.ledger)
		}
	}
	slices.SortFunc(found, func(x, y ledger.Ledger) int { return cmp.Compare(x.ID, y.ID) })
	return found[:min(limit, len(found))], nil
}

// define makes a ledger what it is given as, and returns what is kept. The caller writes.
func (db *DB) define(given ledger.Ledger) (ledger.Ledger, error) {
	if stored, ok := db.currencies[given.Currency.Code()]; ok {
		given.Currency = stored
	} else {
		db.setCurrency(given.Currency)
	}
	row := db.row(given.ID)
	if row.ledger.Equal(given) {
		return given, errNothingChanged
	}
	row.ledger = given
	db.ledgers[given.ID] = &row
	return given, nil
}
