package sqlexpense

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// The kinds of row whose changes are noted.
const (
	ofExpense  = "expense"
	ofCategory = "category"
)

const (
	changeFrom = `SELECT fingerprint FROM ledger_change WHERE ledger_id = $1 AND kind = $2 AND row_id = $3 AND revision = $4`
	noteChange = `INSERT INTO ledger_change (ledger_id, kind, row_id, revision, fingerprint) VALUES ($1, $2, $3, $4, $5)`
)

// repeated ends a change of a row that is not at the basis any more. It returns sqlkit.ErrNothingChanged if the step from the basis was
// made by this very change, which was sent again, and stale if it was made by another.
func (s *Store) repeated(ctx context.Context, tx *sql.Tx, in ledger.ID, kind string, id int64, basis expense.Basis, stale error) error {
	var made []byte
	err := tx.QueryRowContext(ctx, s.sql.changeFrom, in, kind, id, basis.Revision).Scan(&made)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return stale
	case err != nil:
		return fmt.Errorf("change of %s %d from revision %d: %w", kind, id, basis.Revision, err)
	case string(made) != string(basis.Fingerprint[:]):
		return stale
	}
	return sqlkit.ErrNothingChanged
}

// note remembers which change makes the step from the basis.
func (s *Store) note(ctx context.Context, tx *sql.Tx, in ledger.ID, kind string, id int64, basis expense.Basis) error {
	if _, err := tx.ExecContext(ctx, s.sql.noteChange, in, kind, id, basis.Revision, basis.Fingerprint[:]); err != nil {
		return fmt.Errorf("note the change of %s %d from revision %d: %w", kind, id, basis.Revision, err)
	}
	return nil
}
