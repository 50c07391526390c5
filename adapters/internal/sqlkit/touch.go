package sqlkit

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/core/ledger"
)

// Touch gives a ledger a new state and holds its row until the transaction ends. Write does it before all else.
func (r *Runner) Touch(ctx context.Context, tx *sql.Tx, in ledger.ID) error {
	if _, err := tx.ExecContext(ctx, r.touch, in, NewMark()); err != nil {
		return fmt.Errorf("touch ledger %d: %w", in, err)
	}
	return nil
}
