package memory

import (
	"context"

	"expense-tracker/core/ledger"
)

// Ledger implements ledger.Store.
func (s *Store) Ledger(_ context.Context, id ledger.ID) (found ledger.Ledger, err error) {
	err = s.read(id, func(b *book) error {
		if b.ledger.Name == "" {
			return ledger.NotDefined("memory.Ledger")
		}
		found = b.ledger
		return nil
	})
	return found, err
}

// Define implements ledger.Store.
func (s *Store) Define(_ context.Context, given ledger.Ledger) (ledger.Ledger, error) {
	if err := given.Check("memory.Define"); err != nil {
		return ledger.Ledger{}, err
	}
	err := s.write(given.ID, func(b *book) error {
		if stored, ok := s.currencies[given.Currency.Code()]; ok {
			given.Currency = stored
		} else {
			s.keep(given.Currency)
		}
		if b.ledger.Equal(given) {
			return errNothingChanged
		}
		b.ledger = given
		return nil
	})
	return given, err
}
