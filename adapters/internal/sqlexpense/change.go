package sqlexpense

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

const (
	// An expense of a category that was merged away stays stored under it, so that it goes back with it if the merge is undone.
	updateExpense = `
UPDATE expense_entry
SET spent_on = $3, category_id = CASE WHEN CAST($4 AS bigint) = 0 THEN category_id ELSE CAST($4 AS bigint) END,
	price = $5, currency = $6, note = $7, revision = $8, deleted = $9, payee = $10, tags = $11, paid_by = NULLIF(CAST($13 AS bigint), 0),
	deleted_at = CASE WHEN $9 AND deleted THEN deleted_at WHEN $9 THEN CAST($12 AS bigint) END
WHERE ledger_id = $1 AND id = $2`
)

// Change implements expense.SpendingStore.
func (s *Store) Change(
	ctx context.Context, in ledger.ID, id expense.ID, basis revision.Basis, revise func(expense.Expense) (expense.Expense, error),
) (expense.Expense, error) {
	const op = "sqlexpense.Change"
	step := sqlkit.Step{Ledger: in, Kind: "expense", Row: int64(id), Basis: basis}
	var changed expense.Expense
	var refusal error // of revise, which the caller gets as it is
	err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		before, err := s.get(ctx, tx, op, in, id)
		if err != nil {
			return err
		}
		if before.Revision != basis.Revision {
			changed = before
			return s.runner.Repeated(ctx, tx, step, expense.Stale(op, before))
		}
		var after expense.Expense
		if after, refusal = revise(before); refusal != nil {
			return refusal
		}
		changes := make(expense.Tally)
		if changed, err = s.replace(ctx, tx, op, before, after, step, changes, noBatch); err != nil {
			return err
		}
		return s.Move(ctx, tx, Moved{in, changes})
	})
	if refusal != nil {
		return expense.Expense{}, refusal
	}
	if err != nil {
		return expense.Expense{}, err
	}
	return changed, nil
}

// replace stores after as the next revision of before, which a step makes, and returns what is stored. The changes of totals are counted,
// and not yet made.
func (s *Store) replace(
	ctx context.Context, tx *sql.Tx, op string, before, after expense.Expense, step sqlkit.Step, changes expense.Tally, of batchColumn,
) (expense.Expense, error) {
	in := step.Ledger
	category, err := s.resolve(ctx, tx, op, in, before.Category, after.Category)
	if err != nil {
		return expense.Expense{}, err
	}
	if after.Price, err = s.counted(op, after.Price); err != nil {
		return expense.Expense{}, err
	}
	after.ID, after.Revision, after.Category = before.ID, before.Revision+1, category
	at, moved := microsOf(step.Basis.At), expense.CategoryID(0)
	if category.ID != before.Category.ID {
		moved = category.ID
	}
	err = s.remember(ctx, tx, in, after.ID, at, step.Basis.By, of, func() error {
		if _, err := tx.ExecContext(ctx, s.sql.updateExpense, in, after.ID, after.Date.String(), moved,
			s.currencies.StoreAmount(after.Spent()), after.Price.Currency().Code(), after.Note, after.Revision, after.Deleted,
			after.Payee, StoreTags(after.Tags), at, after.PaidBy); err != nil {
			return fmt.Errorf("update expense %d: %w", after.ID, err)
		}
		return nil
	})
	if err != nil {
		return expense.Expense{}, err
	}
	if !before.Deleted {
		if err := changes.Remove(before.Category.ID, before.Date, before.Spent()); err != nil {
			return expense.Expense{}, err
		}
	}
	if !after.Deleted {
		if err := changes.Add(category.ID, after.Date, after.Spent()); err != nil {
			return expense.Expense{}, err
		}
	}
	return after, s.runner.Note(ctx, tx, step)
}

// resolve returns the category that a changed expense shows, and is stored under from now on.
func (s *Store) resolve(
	ctx context.Context, tx *sql.Tx, op string, in ledger.ID, shown, wanted expense.Category,
) (expense.Category, error) {
	id := wanted.ID
	if id == 0 {
		var err error
		if id, err = s.Category(ctx, tx, in, wanted.Name); err != nil {
			return expense.Category{}, err
		}
	}
	if id == shown.ID {
		return shown, nil
	}
	var found CategoryRow
	var removed bool
	err := tx.QueryRowContext(ctx, s.sql.canonicalByID, in, id).Scan(append(found.Columns(), &removed)...)
	if errors.Is(err, sql.ErrNoRows) {
		return expense.Category{}, expense.NoSuchCategory(op)
	}
	return found.Category(), err
}
