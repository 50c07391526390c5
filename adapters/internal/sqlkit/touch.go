package sqlkit

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/core/ledger"
)

// Touch gives ledgers a new state and holds their rows until the transaction ends. Write does it before all else.
func (r *Runner) Touch(ctx context.Context, tx *sql.Tx, ledgers ...ledger.ID) error {
	states := make([]any, 0, columnsOfState*len(ledgers))
	for _, in := range ledgers {
		states = append(states, in, firstVersion, NewMark())
	}
	if err := r.touch.Exec(ctx, tx, states); err != nil {
		return fmt.Errorf("touch ledgers %d: %w", ledgers, err)
	}
	return nil
}
