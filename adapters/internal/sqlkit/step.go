package sqlkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

const (
	stepFrom = `SELECT fingerprint FROM ledger_change WHERE ledger_id = $1 AND kind = $2 AND row_id = $3 AND revision = $4`
	noteStep = `INSERT INTO ledger_change (ledger_id, kind, row_id, revision, fingerprint) VALUES ($1, $2, $3, $4, $5)`
)

// Step is a change of a row from its basis to the next revision. SQLite's ledger_change lists the kinds that it takes: a migration adds
// another.
type Step struct {
	Ledger ledger.ID
	Kind   string // of row, such as "expense"; no two modules have the same
	Row    int64
	Basis  revision.Basis
}

// Repeated ends a change of a row that is not at the step's basis any more. It returns ErrNothingChanged if the step was made by this
// very change, which was sent again, and stale if it was made by another.
func (r *Runner) Repeated(ctx context.Context, tx *sql.Tx, step Step, stale error) error {
	var made []byte
	err := tx.QueryRowContext(ctx, r.stepFrom, step.Ledger, step.Kind, step.Row, step.Basis.Revision).Scan(&made)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return stale
	case err != nil:
		return fmt.Errorf("change of %s %d from revision %d: %w", step.Kind, step.Row, step.Basis.Revision, err)
	case string(made) != string(step.Basis.Fingerprint[:]):
		return stale
	}
	return ErrNothingChanged
}

// Note remembers which change makes the step, in the change's own transaction.
func (r *Runner) Note(ctx context.Context, tx *sql.Tx, step Step) error {
	basis := step.Basis
	if _, err := tx.ExecContext(ctx, r.noteStep, step.Ledger, step.Kind, step.Row, basis.Revision, basis.Fingerprint[:]); err != nil {
		return fmt.Errorf("note the change of %s %d from revision %d: %w", step.Kind, step.Row, basis.Revision, err)
	}
	return nil
}
