package sqlexpense

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// What each row of a batch was: the revision before the one that the batch made. CROSS JOIN has SQLite read the batch's rows first.
const batchBefore = SelectColumns + `
FROM (
	SELECT was.*, FALSE AS purged
	FROM expense_revision made CROSS JOIN expense_revision was
	WHERE made.ledger_id = $1 AND made.batch = $2 AND was.ledger_id = made.ledger_id AND was.id = made.id AND was.revision = made.revision - 1
) e` + JoinCategories + `
ORDER BY e.id`

const batchStored = `SELECT count(*) > 0 FROM expense_revision WHERE ledger_id = $1 AND batch = $2`

// batchColumn is the number of the batch that a change belongs to, if it belongs to one.
type batchColumn = sql.NullInt64

var noBatch batchColumn

// ChangeAll implements expense.BatchStore.
func (s *Store) ChangeAll(
	ctx context.Context, in ledger.ID, batch expense.Batch, revise func(expense.Expense) (expense.Expense, error),
) ([]expense.Expense, error) {
	const op = "sqlexpense.ChangeAll"
	var changed []expense.Expense
	var refusal error // of revise, which the caller gets as it is
	err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		changed, refusal = make([]expense.Expense, 0, len(batch.Rows)), nil
		moved, made := make(expense.Tally), false
		stored := false
		if err := tx.QueryRowContext(ctx, s.sql.batchStored, in, int64(batch.Number())).Scan(&stored); err != nil {
			return fmt.Errorf("look for the batch: %w", err)
		}
		for _, row := range batch.Rows {
			now, err := s.get(ctx, tx, op, in, row.ID)
			if errors.Is(err, fault.NotFound) {
				return expense.GoneAmong(op)
			}
			if err != nil {
				return err
			}
			if stored {
				changed = append(changed, now)
				continue
			}
			if now.Revision != row.Revision {
				return expense.StaleAmong(op, now)
			}
			step := sqlkit.Step{Ledger: in, Kind: "expense", Row: int64(row.ID), Basis: batch.Basis(row)}
			after, err := revise(now)
			if err != nil {
				refusal = err
				return err
			}
			if after.Revision = now.Revision; after != now {
				if now, err = s.replace(ctx, tx, op, now, after, step, moved, numberOf(batch)); err != nil {
					return err
				}
				made = true
			}
			changed = append(changed, now)
		}
		if !made {
			return sqlkit.ErrNothingChanged
		}
		return s.Move(ctx, tx, Moved{in, moved})
	})
	if refusal != nil {
		return nil, refusal
	}
	if err != nil {
		return nil, err
	}
	return changed, nil
}

func numberOf(batch expense.Batch) batchColumn {
	return batchColumn{Int64: int64(batch.Number()), Valid: true}
}

// BatchBefore implements expense.BatchStore.
func (s *Store) BatchBefore(ctx context.Context, in ledger.ID, number expense.BatchNumber) ([]expense.Expense, error) {
	return sqlkit.Rows(ctx, s.runner, "sqlexpense.BatchBefore", in, s.scanExpense, s.sql.batchBefore, int64(number))
}
