package memory

import (
	"context"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// Audit implements expense.Auditor.
func (s *Store) Audit(_ context.Context, in ledger.ID, repair bool) (differences []expense.Discrepancy, err error) {
	audit := func(b *book) error {
		actual := make(expense.Tally)
		for _, stored := range b.rows {
			if stored.Deleted {
				continue
			}
			if err := actual.Add(b.left(stored.category), stored.Date, stored.Price); err != nil {
				return err
			}
		}
		differences = expense.Differences(b.totals.tally(), actual)
		if repair && len(differences) == 0 {
			return errNothingChanged
		}
		if repair {
			b.totals = make(sums)
			b.put(actual)
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
