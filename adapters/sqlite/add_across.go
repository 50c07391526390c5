package sqlite

import (
	"context"
	"database/sql"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// addAcross stores parts of several ledgers in one transaction, so that they share a commit. If one entry fails, all of it does, and
// each part is stored by itself. It is a groupcommit.AddAcross.
func (s *expenseStore) addAcross(ctx context.Context, parts []groupcommit.Part) ([][]expense.AddResult, error) {
	const op = "sqlite.AddAcross"
	ctx, cancel := s.runner.Bounded(ctx)
	defer cancel()
	fitting := make([]groupcommit.Part, 0, len(parts))
	places := make([]int, 0, len(parts))
	for i, part := range parts {
		if s.Fit(op, part.Entries) { // else it is told by itself what does not fit
			fitting, places = append(fitting, part), append(places, i)
		}
	}
	results := make([][]expense.AddResult, len(parts))
	err := s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		all, err := s.addTogether(context.WithoutCancel(ctx), tx, fitting...)
		if err != nil {
			return err
		}
		var changed []ledger.ID // the others keep their state
		for i, some := range all {
			results[places[i]] = some
			if hasAdded(some) {
				changed = append(changed, fitting[i].In)
			}
		}
		if len(changed) == 0 {
			return sqlkit.ErrNothingChanged
		}
		return s.runner.Touch(context.WithoutCancel(ctx), tx, changed...)
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}
