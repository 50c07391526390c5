package memory

import (
	"cmp"
	"context"
	"slices"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// ChangeAll implements expense.BatchStore.
func (s *expenseStore) ChangeAll(
	_ context.Context, in ledger.ID, batch expense.Batch, revise func(expense.Expense) (expense.Expense, error),
) (changed []expense.Expense, err error) {
	const op = "memory.ChangeAll"
	err = s.write(in, func(d *expenseData) error {
		changes := s.newReplacing(d)
		isStored := len(d.batches[batch.Number()]) > 0
		for _, one := range batch.Rows {
			stored, ok := d.rows[one.ID]
			if !ok || stored.Gone {
				return expense.GoneAmong(op)
			}
			if isStored {
				continue
			}
			now := d.shown(stored)
			if now.Revision != one.Revision {
				return expense.StaleAmong(op, now)
			}
			after, err := revise(now)
			if err != nil {
				return err
			}
			if after.Revision = now.Revision; after == now {
				continue
			}
			if err := changes.prepare(stored, after, batch.Basis(one)); err != nil {
				return err
			}
		}
		made := errNothingChanged
		if len(changes.rows) > 0 {
			made = changes.make(batch.Number())
		}
		for _, one := range batch.Rows {
			changed = append(changed, d.shown(d.rows[one.ID]))
		}
		return made
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// BatchBefore implements expense.BatchStore.
func (s *expenseStore) BatchBefore(_ context.Context, in ledger.ID, number expense.BatchNumber) (before []expense.Expense, err error) {
	err = s.read(in, func(d *expenseData) error {
		for _, made := range d.batches[number] {
			for _, was := range d.histories[made.ID] {
				if was.Revision == made.Revision-1 {
					before = append(before, d.shown(&was.row))
				}
			}
		}
		return nil
	})
	slices.SortFunc(before, func(e, other expense.Expense) int { return cmp.Compare(e.ID, other.ID) })
	return before, err
}
