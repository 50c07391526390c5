package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

// AddSeveral stores the groups of several ledgers in one transaction: only one writes at a time, so that a commit for each would make the
// others wait. If one of them is out of the ordinary, all are left for AddAll.
func (s *expenseStore) AddSeveral(ctx context.Context, groups []groupcommit.Group) ([][]expense.AddResult, error) {
	const op = "sqlite.AddSeveral"
	ctx, cancel := s.runner.Bounded(ctx)
	defer cancel()
	results := make([][]expense.AddResult, len(groups))
	for _, group := range groups {
		if !s.CountsAsGiven(op, group.Entries) {
			return results, nil
		}
	}
	err := s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		added := 0
		for i, group := range groups {
			b := &batch{store: s, tx: tx, in: group.In, categories: make(map[expense.CategoryName]expense.Category)}
			if err := b.fastPath(context.WithoutCancel(ctx), group.Entries); err != nil {
				return err
			}
			if b.added > 0 {
				if err := s.runner.Touch(ctx, tx, group.In); err != nil {
					return err
				}
			}
			results[i], added = b.results, added+b.added
		}
		if added == 0 {
			return sqlkit.ErrNothingChanged
		}
		return nil
	})
	switch {
	case errors.Is(err, fault.Unavailable):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	return results, nil
}
