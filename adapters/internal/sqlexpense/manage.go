package sqlexpense

import (
	"context"
	"database/sql"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

const (
	lookCategory    = `UPDATE category SET colour = $3, icon = $4 WHERE ledger_id = $1 AND id = $2`
	archiveCategory = `UPDATE category SET archived = $3 WHERE ledger_id = $1 AND id = $2`

	entriesOf = `
SELECT CAST(COALESCE(sum(entries), 0) AS bigint) FROM expense_total WHERE ledger_id = $1 AND month = 0 AND category_id = $2`

	// The row stays, for an add may have found it already, and deleted expenses have it. A trigger brings the category back with the first
	// total that it gets, so that none is left of it, be it of no entries.
	removeCategory = `UPDATE category SET removed = true WHERE ledger_id = $1 AND id = $2`
	bringBack      = `
UPDATE category SET removed = false
WHERE ledger_id = $1 AND id = $2 AND revision = $3 AND removed AND merged_into IS NULL`
	forgetTotals = `DELETE FROM expense_total WHERE ledger_id = $1 AND category_id = $2 AND category_id > 0`
)

// ChangeCategory implements expense.CategoryStore.
func (s *Store) ChangeCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis, change expense.CategoryChange,
) (expense.Category, error) {
	const op = "sqlexpense.ChangeCategory"
	var changed expense.Category
	err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) (err error) {
		if changed, err = s.categoryAtBasis(ctx, tx, op, in, id, basis); err != nil {
			return err
		}
		if look := change.Look; look != nil {
			if _, err = tx.ExecContext(ctx, s.sql.lookCategory, in, id, string(look.Colour), look.Icon); err != nil {
				return err
			}
		}
		if change.Archived != nil {
			if _, err = tx.ExecContext(ctx, s.sql.archiveCategory, in, id, *change.Archived); err != nil {
				return err
			}
		}
		if err = s.stepCategory(ctx, tx, in, id, basis); err != nil {
			return err
		}
		changed, err = s.unmergedCategory(ctx, tx, op, in, id)
		return err
	})
	if err != nil {
		return expense.Category{}, err
	}
	return changed, nil
}

// RemoveCategory implements expense.CategoryStore.
func (s *Store) RemoveCategory(ctx context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis) error {
	const op = "sqlexpense.RemoveCategory"
	return s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := s.categoryAtBasis(ctx, tx, op, in, id, basis); err != nil {
			return err
		}
		var entries int64
		if err := tx.QueryRowContext(ctx, s.sql.entriesOf, in, id).Scan(&entries); err != nil {
			return err
		}
		if entries != 0 {
			return expense.CategoryInUse(op)
		}
		for _, step := range []string{s.sql.forgetTotals, s.sql.removeCategory} {
			if _, err := tx.ExecContext(ctx, step, in, id); err != nil {
				return err
			}
		}
		return s.stepCategory(ctx, tx, in, id, basis)
	})
}
