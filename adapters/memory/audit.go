package memory

import (
	"context"
	"maps"
	"slices"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// Ledgers implements expense.Auditor.
func (s *expenseStore) Ledgers(context.Context) ([]ledger.ID, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.db.ledgers)), nil
}

// Audit implements expense.Auditor.
func (s *expenseStore) Audit(_ context.Context, in ledger.ID, repair bool) (differences []expense.Discrepancy, err error) {
	audit := func(d *expenseData) error {
		actual := make(expense.Tally)
		for _, stored := range d.rows {
			if stored.Deleted {
				continue
			}
			if err := countIn(actual, d.survivor(stored.category), stored.PaidBy, stored.Date, stored.Spent()); err != nil {
				return err
			}
		}
		differences = expense.Differences(d.paid.tally(d.totals.tally()), actual)
		if repair && len(differences) == 0 {
			return errNothingChanged
		}
		if repair {
			d.totals, d.paid = make(sums), make(payments)
			d.put(actual)
		}
		return nil
	}
	if repair {
		err = s.write(in, audit)
	} else {
		err = s.read(in, audit)
	}
	return differences, err
}
