package sqlexpense

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

const (
	listCategories = `
SELECT c.id, c.name, c.colour, c.icon, c.archived, c.revision, s.currency, s.entries, s.minor
FROM (SELECT * FROM category WHERE ledger_id = $1 AND name_key > $2 AND NOT removed ORDER BY name_key LIMIT $3) c
LEFT JOIN expense_total s ON s.ledger_id = $1 AND s.month = 0 AND s.category_id = c.id AND s.entries > 0
ORDER BY c.name_key, s.currency`

	getCategory = `
SELECT c.id, c.name, c.colour, c.icon, c.archived, c.revision, s.currency, s.entries, s.minor
FROM (SELECT * FROM category WHERE ledger_id = $1 AND id = $2 AND merged_into IS NULL AND NOT removed) c
LEFT JOIN expense_total s ON s.ledger_id = $1 AND s.month = 0 AND s.category_id = c.id AND s.entries > 0
ORDER BY s.currency`

	suggestCategories = `
SELECT id, name, colour, icon, archived FROM (
	SELECT id, name, colour, icon, archived, name_key FROM category
	WHERE ledger_id = $1 AND name_key IS NOT NULL AND NOT archived AND NOT removed ORDER BY name_key LIMIT $3
) c
WHERE (SELECT max(entries) FROM expense_total t WHERE t.ledger_id = $1 AND t.month = 0 AND t.category_id = c.id) > 0
ORDER BY name_key LIMIT $2`
	namedCategory = `
SELECT id, name, colour, icon, archived FROM category WHERE ledger_id = $1 AND name_key = $2 AND NOT removed`

	renameCategory = `UPDATE category SET name = $3, name_key = $4 WHERE ledger_id = $1 AND id = $2`
	raiseRevision  = `UPDATE category SET revision = revision + 1 WHERE ledger_id = $1 AND id = $2`

	// A trigger moves the category's totals, for instances of the version before as well. Those that were merged into it have none.
	mergeCategory = `UPDATE category SET name_key = NULL, merged_into = $3 WHERE ledger_id = $1 AND id = $2`
	mergeMerged   = `UPDATE category SET merged_into = $3 WHERE ledger_id = $1 AND merged_into = $2`
)

// ListCategories implements expense.CategoryStore.
func (s *Store) ListCategories(ctx context.Context, in ledger.ID, after string, limit int) ([]expense.CategorySummary, error) {
	rows, err := sqlkit.Rows(ctx, s.runner, "sqlexpense.ListCategories", in, s.scanSummary, s.sql.listCategories, after, limit)
	return joinSummaries(rows), err
}

// GetCategory implements expense.CategoryStore.
func (s *Store) GetCategory(ctx context.Context, in ledger.ID, id expense.CategoryID) (expense.CategorySummary, error) {
	const op = "sqlexpense.GetCategory"
	rows, err := sqlkit.Rows(ctx, s.runner, op, in, s.scanSummary, s.sql.getCategory, id)
	if err != nil {
		return expense.CategorySummary{}, err
	}
	if len(rows) == 0 {
		return expense.CategorySummary{}, expense.NoSuchCategory(op)
	}
	return joinSummaries(rows)[0], nil
}

// SuggestCategories implements expense.CategoryStore.
func (s *Store) SuggestCategories(ctx context.Context, in ledger.ID, limit int) ([]expense.Category, error) {
	return sqlkit.Rows(ctx, s.runner, "sqlexpense.SuggestCategories", in, scanCategory, s.sql.suggestCategories, limit,
		limit*expense.SuggestAmong)
}

// CategoryNamed implements expense.CategoryStore.
func (s *Store) CategoryNamed(ctx context.Context, in ledger.ID, name expense.CategoryName) (expense.Category, error) {
	const op = "sqlexpense.CategoryNamed"
	found, err := sqlkit.Rows(ctx, s.runner, op, in, scanCategory, s.sql.namedCategory, name.Key())
	if err == nil && len(found) == 0 {
		return expense.Category{}, expense.NoSuchCategory(op)
	}
	return append(found, expense.Category{})[0], err
}

func scanCategory(from sqlkit.Scanner) (expense.Category, error) {
	var row CategoryRow
	err := from.Scan(row.Columns()...)
	return row.Category(), err
}

// RenameCategory implements expense.CategoryStore. No other writer of the ledger can take the name between the look and the change.
func (s *Store) RenameCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis, name expense.CategoryName,
) (expense.Category, error) {
	const op = "sqlexpense.RenameCategory"
	var renamed expense.Category
	err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		left, err := s.categoryAtBasis(ctx, tx, op, in, id, basis)
		if err != nil {
			renamed = left
			return err
		}
		renamed, err = s.rename(ctx, tx, op, in, id, basis, name, expense.CategoryNameTaken)
		return err
	})
	if err != nil {
		return expense.Category{}, err
	}
	return renamed, nil
}

// rename gives a category at the basis another name, and returns it.
func (s *Store) rename(
	ctx context.Context, tx *sql.Tx, op string, in ledger.ID, id expense.CategoryID, basis revision.Basis, name expense.CategoryName,
	taken takenFault,
) (expense.Category, error) {
	if err := s.freeFor(ctx, tx, op, in, id, name, taken); err != nil {
		return expense.Category{}, err
	}
	if _, err := tx.ExecContext(ctx, s.sql.rememberName, in, id); err != nil {
		return expense.Category{}, err
	}
	if _, err := tx.ExecContext(ctx, s.sql.renameCategory, in, id, string(name), name.Key()); err != nil {
		return expense.Category{}, err
	}
	if err := s.stepCategory(ctx, tx, in, id, basis); err != nil {
		return expense.Category{}, err
	}
	return s.unmergedCategory(ctx, tx, op, in, id)
}

// takenFault is the error for a name that another category has.
type takenFault func(op string, name expense.CategoryName) error

// freeFor makes sure that a category can have a name: no other has it, or one that was removed, which is merged into it. So what is deleted
// of that one comes back under its name, and no two categories are called the same.
func (s *Store) freeFor(
	ctx context.Context, tx *sql.Tx, op string, in ledger.ID, id expense.CategoryID, name expense.CategoryName, taken takenFault,
) error {
	other, removed, err := s.findCategory(ctx, tx, in, name)
	if err != nil || other.ID == 0 || other.ID == id {
		return err
	}
	if !removed {
		return taken(op, other.Name)
	}
	for _, step := range []string{s.sql.rememberMerged, s.sql.forgetUndo} { // nobody asked for this merge, so nobody can undo it
		if _, err := tx.ExecContext(ctx, step, in, other.ID); err != nil {
			return err
		}
	}
	return s.mergeInto(ctx, tx, in, other.ID, id)
}

// mergeInto makes a category, and those merged into it, lead to another.
func (s *Store) mergeInto(ctx context.Context, tx *sql.Tx, in ledger.ID, from, into expense.CategoryID) error {
	for _, step := range []string{s.sql.mergeCategory, s.sql.mergeMerged} {
		if _, err := tx.ExecContext(ctx, step, in, from, into); err != nil {
			return fmt.Errorf("merge category %d into %d: %w", from, into, err)
		}
	}
	return nil
}

// MergeCategory implements expense.CategoryStore.
func (s *Store) MergeCategory(
	ctx context.Context, in ledger.ID, from expense.CategoryID, basis revision.Basis, into expense.CategoryID,
) (expense.Category, error) {
	const op = "sqlexpense.MergeCategory"
	var left expense.Category
	err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) (err error) {
		if left, err = s.categoryAtBasis(ctx, tx, op, in, from, basis); err != nil {
			return err
		}
		if left, err = s.unmergedCategory(ctx, tx, op, in, into); err != nil {
			return err
		}
		for _, step := range []struct {
			text string
			args []any
		}{
			{s.sql.rememberMerge, []any{in, from, into}},
			{s.sql.rememberMerged, []any{in, from}},
			{s.sql.raiseRevision, []any{in, into}},
		} {
			if _, err = tx.ExecContext(ctx, step.text, step.args...); err != nil {
				return err
			}
		}
		if err = s.mergeInto(ctx, tx, in, from, into); err != nil {
			return err
		}
		return s.stepCategory(ctx, tx, in, from, basis)
	})
	if err != nil {
		return expense.Category{}, err
	}
	return left, nil
}

// summaryRow is a category with one of its totals, or with none.
type summaryRow struct {
	category CategoryRow
	revision int
	total    *expense.Total
}

func (s *Store) scanSummary(from sqlkit.Scanner) (summaryRow, error) {
	var r summaryRow
	var code sql.NullString
	var entries, minor sql.NullInt64
	if err := from.Scan(append(r.category.Columns(), &r.revision, &code, &entries, &minor)...); err != nil {
		return r, err
	}
	if !code.Valid {
		return r, nil
	}
	currency, err := s.currencies.Stored(code.String)
	r.total = &expense.Total{Count: entries.Int64, Amount: money.FromMinor(minor.Int64, currency)}
	return r, err
}

// joinSummaries makes one summary of the rows of each category, which follow each other.
func joinSummaries(rows []summaryRow) []expense.CategorySummary {
	var summaries []expense.CategorySummary
	for _, r := range rows {
		if last := len(summaries) - 1; last < 0 || summaries[last].Category.ID != r.category.ID {
			summaries = append(summaries, expense.CategorySummary{Category: r.category.Category(), Revision: r.revision})
		}
		if r.total != nil {
			last := &summaries[len(summaries)-1]
			last.Totals = append(last.Totals, *r.total)
		}
	}
	return summaries
}
