package sqlexpense

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

const (
	forgettable = `
SELECT id FROM expense_entry WHERE ledger_id = $1 AND deleted AND NOT purged AND deleted_at IS NOT NULL ORDER BY deleted_at, id LIMIT $2`

	// What is deleted counts in no total.
	forgetExpense = `DELETE FROM expense_entry WHERE ledger_id = $1 AND id = $2 AND deleted`
	forgetNothing = `DELETE FROM expense_total WHERE ledger_id = $1 AND entries = 0 AND minor = 0`
)

// Forget implements expense.BinStore. As Purge does, it looks before it writes.
func (s *Store) Forget(ctx context.Context, in ledger.ID, limit int) (forgotten int, err error) {
	const op = "sqlexpense.Forget"
	if in.IsPeoples() {
		return 0, expense.NotForgotten(op)
	}
	due, err := sqlkit.Rows(ctx, s.runner, op, in, scanID, s.sql.forgettable, 1)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	err = s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		due, err := sqlkit.Collect(ctx, tx, scanID, s.sql.forgettable, in, limit)
		if err != nil {
			return err
		}
		if forgotten = len(due); forgotten == 0 {
			return sqlkit.ErrNothingChanged
		}
		for _, id := range due {
			for _, forget := range []string{s.sql.forgetRevisions, s.sql.forgetSteps, s.sql.forgetExpense} {
				if _, err := tx.ExecContext(ctx, forget, in, id); err != nil {
					return fmt.Errorf("forget expense %d: %w", id, err)
				}
			}
		}
		if _, err := tx.ExecContext(ctx, s.sql.forgetNothing, in); err != nil {
			return fmt.Errorf("forget empty totals: %w", err)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return forgotten, nil
}
