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
	categoryByKey = `SELECT id, name, colour, icon, archived, removed FROM category WHERE ledger_id = $1 AND name_key = $2`
	categoryByID  = `
SELECT id, name, colour, icon, archived FROM category WHERE ledger_id = $1 AND id = $2 AND merged_into IS NULL AND NOT removed`
	insertCategory = `INSERT INTO category (ledger_id, name, name_key) VALUES ($1, $2, $3) RETURNING id`

	categoryRevision = `SELECT revision FROM category WHERE ledger_id = $1 AND id = $2`

	canonicalByID = `
SELECT c.id, c.name, c.colour, c.icon, c.archived, c.removed
FROM category raw
JOIN category c ON c.ledger_id = raw.ledger_id AND c.id = COALESCE(raw.merged_into, raw.id)
WHERE raw.ledger_id = $1 AND raw.id = $2`
)

// FindCategory returns the ledger's category of a name, one that was removed too, or 0 if there is none. A driver's error is left as it
// is, for Write.
func (s *Store) FindCategory(ctx context.Context, tx *sql.Tx, in ledger.ID, name expense.CategoryName) (expense.Category, error) {
	found, _, err := s.findCategory(ctx, tx, in, name)
	return found, err
}

// findCategory is FindCategory that says whether the category was removed.
func (s *Store) findCategory(
	ctx context.Context, tx *sql.Tx, in ledger.ID, name expense.CategoryName,
) (expense.Category, bool, error) {
	var found CategoryRow
	var removed bool
	err := tx.QueryRowContext(ctx, s.sql.categoryByKey, in, name.Key()).Scan(append(found.Columns(), &removed)...)
	if errors.Is(err, sql.ErrNoRows) {
		return expense.Category{}, false, nil
	}
	if err != nil {
		return expense.Category{}, false, fmt.Errorf("find category: %w", err)
	}
	return found.Category(), removed, nil
}

// NewCategory creates a category, whose name the ledger must not have. A driver's error is left as it is, for Write.
func (s *Store) NewCategory(ctx context.Context, tx *sql.Tx, in ledger.ID, name expense.CategoryName) (expense.Category, error) {
	created := CategoryRow{Name: name}
	if err := tx.QueryRowContext(ctx, s.sql.insertCategory, in, string(name), name.Key()).Scan(&created.ID); err != nil {
		return expense.Category{}, fmt.Errorf("create category: %w", err)
	}
	return created.Category(), nil
}

// Category returns the ID of the ledger's category of a name, which it creates if there is none.
func (s *Store) Category(ctx context.Context, tx *sql.Tx, in ledger.ID, name expense.CategoryName) (expense.CategoryID, error) {
	found, err := s.FindCategory(ctx, tx, in, name)
	if err == nil && found.ID == 0 {
		found, err = s.NewCategory(ctx, tx, in, name)
	}
	return found.ID, err
}

// unmergedCategory returns a category that was not merged away, or NotFound.
func (s *Store) unmergedCategory(
	ctx context.Context, q sqlkit.Querier, op string, in ledger.ID, id expense.CategoryID,
) (expense.Category, error) {
	var found CategoryRow
	err := q.QueryRowContext(ctx, s.sql.categoryByID, in, id).Scan(found.Columns()...)
	if errors.Is(err, sql.ErrNoRows) {
		return expense.Category{}, expense.NoSuchCategory(op)
	}
	return found.Category(), err
}

// categoryAtBasis returns a category that is at the revision of the basis, for a change of it. An error comes with what is left of the
// category: sqlkit.ErrNothingChanged if the change was made before, NotFound or Conflict if another was.
func (s *Store) categoryAtBasis(
	ctx context.Context, tx *sql.Tx, op string, in ledger.ID, id expense.CategoryID, basis revision.Basis,
) (expense.Category, error) {
	var row CategoryRow
	var removed bool
	err := tx.QueryRowContext(ctx, s.sql.canonicalByID, in, id).Scan(append(row.Columns(), &removed)...)
	if errors.Is(err, sql.ErrNoRows) {
		return expense.Category{}, expense.NoSuchCategory(op)
	}
	if err != nil {
		return expense.Category{}, fmt.Errorf("find category: %w", err)
	}
	var revision int
	if err := tx.QueryRowContext(ctx, s.sql.categoryRevision, in, id).Scan(&revision); err != nil {
		return expense.Category{}, fmt.Errorf("revision of category: %w", err)
	}
	stale, left := expense.StaleCategory(op), row.Category()
	gone := left.ID != id || removed
	if gone {
		stale = expense.NoSuchCategory(op)
	}
	if revision != basis.Revision || gone {
		return left, s.runner.Repeated(ctx, tx, stepOf(in, id, basis), stale)
	}
	return left, nil
}

// stepCategory takes a category from the basis to its next revision.
func (s *Store) stepCategory(ctx context.Context, tx *sql.Tx, in ledger.ID, id expense.CategoryID, basis revision.Basis) error {
	if _, err := tx.ExecContext(ctx, s.sql.raiseRevision, in, id); err != nil {
		return fmt.Errorf("raise the revision of category %d: %w", id, err)
	}
	return s.runner.Note(ctx, tx, stepOf(in, id, basis))
}

func stepOf(in ledger.ID, id expense.CategoryID, basis revision.Basis) sqlkit.Step {
	return sqlkit.Step{Ledger: in, Kind: "category", Row: int64(id), Basis: basis}
}
