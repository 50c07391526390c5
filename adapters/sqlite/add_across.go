package sqlite

import (
	"context"
	"database/sql"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
)

// addAcross stores parts of several ledgers in one transaction, so that they share a commit. If one entry fails, all of it does, and
// each part is stored by itself. It is a groupcommit.AddAcross.
func (s *expenseStore) addAcross(ctx context.Context, parts []groupcommit.Part) ([][]expense.AddResult, error) {
	const op = "sqlite.AddAcross"
	ctx, cancel := s.runner.Bounded(ctx)
	defer cancel()
	var results [][]expense.AddResult
	err := s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		results = make([][]expense.AddResult, len(parts)) // for it may run again
		added := 0
		for i, part := range parts {
			if !s.Fit(op, part.Entries) {
				continue // by itself it is told what does not fit
			}
			b := &batch{store: s, tx: tx, in: part.In, categories: make(map[expense.CategoryName]expense.Category)}
			if err := b.fastPath(context.WithoutCancel(ctx), part.Entries); err != nil {
				return err
			}
			if b.added > 0 { // else the ledger keeps its state
				if err := s.runner.Touch(context.WithoutCancel(ctx), tx, part.In); err != nil {
					return err
				}
			}
			results[i] = b.results
			added += b.added
		}
		if added == 0 {
			return sqlkit.ErrNothingChanged
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}
