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
	"expense-tracker/core/revision"
)

const (
	// What undoes a change is written before the change, of what is there then.
	rememberName = `
INSERT INTO category_undo (ledger_id, id, revision, name)
SELECT ledger_id, id, revision + 1, name FROM category WHERE ledger_id = $1 AND id = $2
ON CONFLICT (ledger_id, id) DO UPDATE SET revision = excluded.revision, name = excluded.name, through = NULL`

	rememberMerge = `
INSERT INTO category_undo (ledger_id, id, revision)
SELECT ledger_id, CAST($2 AS bigint), revision + 1 FROM category WHERE ledger_id = $1 AND id = $3
ON CONFLICT (ledger_id, id) DO UPDATE SET revision = excluded.revision, name = NULL, through = NULL`

	rememberMerged = `
INSERT INTO category_undo (ledger_id, id, revision, through)
SELECT ledger_id, id, 0, merged_into FROM category WHERE ledger_id = $1 AND merged_into = $2
ON CONFLICT (ledger_id, id) DO UPDATE SET revision = 0, name = NULL, through = excluded.through`

	undoOf     = `SELECT revision, name FROM category_undo WHERE ledger_id = $1 AND id = $2 AND through IS NULL`
	forgetUndo = `DELETE FROM category_undo WHERE ledger_id = $1 AND (id = $2 OR through = $2)`

	mergedCategory = `
SELECT raw.revision, raw.id, raw.name, raw.colour, raw.icon, raw.archived, c.id, c.name, c.colour, c.icon, c.archived
FROM category raw
JOIN category c ON c.ledger_id = raw.ledger_id AND c.id = raw.merged_into
WHERE raw.ledger_id = $1 AND raw.id = $2`

	// parts are the categories that an undo takes out of another, $3: the one merged into it, $2, and those that came along.
	parts = `
	SELECT id FROM category WHERE ledger_id = $1 AND merged_into = $3
		AND (id = $2 OR id IN (SELECT id FROM category_undo WHERE ledger_id = $1 AND through = $2))`

	totalsOfParts = `
SELECT e.month, CAST($2 AS bigint), e.currency, e.entries, e.price
FROM (
	SELECT substr(CAST(spent_on AS text), 1, 7) AS month, currency, count(*) AS entries, CAST(sum(price) AS text) AS price
	FROM expense_entry
	WHERE ledger_id = $1 AND NOT deleted AND category_id IN (` + parts + `)
	GROUP BY 1, currency
) e`

	unmergeParts = `
UPDATE category
SET merged_into = CASE WHEN id = $2 THEN NULL ELSE CAST($2 AS bigint) END,
	name_key = CASE WHEN id = $2 THEN CAST($4 AS text) END
WHERE ledger_id = $1 AND id IN (` + parts + `)`
)

// merged reads a category that was merged away.
func (s *Store) merged(ctx context.Context, q sqlkit.Querier, op string, in ledger.ID, id expense.CategoryID) (expense.Merge, error) {
	found, err := sqlkit.Collect(ctx, q, scanMerge, s.sql.mergedCategory, in, id)
	if err == nil && len(found) == 0 {
		return expense.Merge{}, expense.NoSuchCategory(op)
	}
	return append(found, expense.Merge{})[0], err
}

func scanMerge(from sqlkit.Scanner) (m expense.Merge, err error) {
	var away, left CategoryRow
	err = from.Scan(append(append([]any{&m.Revision}, away.Columns()...), left.Columns()...)...)
	m.Away, m.Left = away.Category(), left.Category()
	return m, err
}

// MergedCategory implements expense.CategoryStore.
func (s *Store) MergedCategory(ctx context.Context, in ledger.ID, id expense.CategoryID) (expense.Merge, error) {
	const op = "sqlexpense.MergedCategory"
	found, err := sqlkit.Rows(ctx, s.runner, op, in, scanMerge, s.sql.mergedCategory, id)
	if err == nil && len(found) == 0 {
		return expense.Merge{}, expense.NoSuchCategory(op)
	}
	return append(found, expense.Merge{})[0], err
}

// UndoCategory implements expense.CategoryStore.
func (s *Store) UndoCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis,
) (expense.Category, error) {
	const op = "sqlexpense.UndoCategory"
	var undone expense.Category
	err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		merge, err := s.merged(ctx, tx, op, in, id)
		switch {
		case errors.Is(err, fault.NotFound):
			var done bool
			if undone, done, err = s.undoRemoval(ctx, tx, op, in, id, basis); err == nil && !done {
				undone, err = s.undoRename(ctx, tx, op, in, id, basis)
			}
		case err == nil:
			undone, err = s.undoMerge(ctx, tx, op, in, merge, basis)
		}
		return err
	})
	if err != nil {
		return expense.Category{}, err
	}
	return undone, nil
}

// undoRemoval brings a category back, and reports whether the basis is that of its removal.
func (s *Store) undoRemoval(
	ctx context.Context, tx *sql.Tx, op string, in ledger.ID, id expense.CategoryID, basis revision.Basis,
) (undone expense.Category, done bool, err error) {
	brought, err := tx.ExecContext(ctx, s.sql.bringBack, in, id, basis.Revision)
	if err != nil {
		return undone, false, err
	}
	if rows, err := brought.RowsAffected(); err != nil || rows == 0 {
		return undone, false, err
	}
	if err = s.stepCategory(ctx, tx, in, id, basis); err != nil {
		return undone, false, err
	}
	undone, err = s.unmergedCategory(ctx, tx, op, in, id)
	return undone, err == nil, err
}

// undoRename takes a rename back, which is itself one.
func (s *Store) undoRename(
	ctx context.Context, tx *sql.Tx, op string, in ledger.ID, id expense.CategoryID, basis revision.Basis,
) (expense.Category, error) {
	left, err := s.categoryAtBasis(ctx, tx, op, in, id, basis)
	if err != nil {
		return left, err
	}
	name, err := s.undoable(ctx, tx, op, in, id, basis.Revision)
	if err != nil {
		return expense.Category{}, err
	}
	if !name.Valid {
		return expense.Category{}, expense.CannotUndo(op)
	}
	return s.rename(ctx, tx, op, in, id, basis, expense.CategoryName(name.String), expense.NameTakenSince)
}

// undoable returns the name that an undo gives back, NULL for that of a merge. It is a Conflict if the change that it would undo is not
// the one that made the revision.
func (s *Store) undoable(
	ctx context.Context, tx *sql.Tx, op string, in ledger.ID, id expense.CategoryID, made int,
) (name sql.NullString, err error) {
	var of int
	err = tx.QueryRowContext(ctx, s.sql.undoOf, in, id).Scan(&of, &name)
	if errors.Is(err, sql.ErrNoRows) || err == nil && of != made {
		return name, expense.CannotUndo(op)
	}
	return name, err
}

// undoMerge takes a merge back: what is stored under the category, and under those that came along with it, appears there again. Rows are
// not rewritten, but they are added up, since some may have been changed, moved or deleted since.
func (s *Store) undoMerge(
	ctx context.Context, tx *sql.Tx, op string, in ledger.ID, merge expense.Merge, basis revision.Basis,
) (expense.Category, error) {
	id, into := merge.Away.ID, merge.Left.ID
	if merge.Revision != basis.Revision {
		return merge.Left, s.runner.Repeated(ctx, tx, stepOf(in, id, basis), expense.StaleCategory(op))
	}
	var revision int
	if err := tx.QueryRowContext(ctx, s.sql.categoryRevision, in, into).Scan(&revision); err != nil {
		return expense.Category{}, fmt.Errorf("revision of category: %w", err)
	}
	if name, err := s.undoable(ctx, tx, op, in, id, revision); err != nil {
		return expense.Category{}, err
	} else if name.Valid {
		return expense.Category{}, expense.CannotUndo(op)
	}
	if err := s.freeFor(ctx, tx, op, in, id, merge.Away.Name, expense.NameTakenSince); err != nil {
		return expense.Category{}, err
	}
	moved, err := tally(ctx, tx, s.scanActual, s.sql.totalsOfParts, in, id, into)
	if err != nil {
		return expense.Category{}, fmt.Errorf("totals: %w", err)
	}
	if _, err = tx.ExecContext(ctx, s.sql.unmergeParts, in, id, into, merge.Away.Name.Key()); err != nil {
		return expense.Category{}, fmt.Errorf("unmerge: %w", err)
	}
	if err = s.Move(ctx, tx, Moved{in, moved.Between(into, id)}); err != nil {
		return expense.Category{}, err
	}
	if _, err = tx.ExecContext(ctx, s.sql.forgetUndo, in, id); err != nil {
		return expense.Category{}, err
	}
	if _, err = tx.ExecContext(ctx, s.sql.raiseRevision, in, into); err != nil {
		return expense.Category{}, err
	}
	if err = s.stepCategory(ctx, tx, in, id, basis); err != nil {
		return expense.Category{}, err
	}
	return s.unmergedCategory(ctx, tx, op, in, id)
}
