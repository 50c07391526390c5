package sqlaccount

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// forgotten are the statements that forget what leads to the user $1. Events that are counted together keep a name of their own each.
func forgotten() []string {
	return []string{
		`DELETE FROM account_session WHERE account_id = $1`,
		`DELETE FROM account_identity WHERE account_id = $1`,
		`DELETE FROM account_expected WHERE account_id = $1`,
		`DELETE FROM account_attempt WHERE account_id = $1`,
		`DELETE FROM account_begun WHERE account_id = $1`,
		`UPDATE account_event SET address = '', network = CASE WHEN network IS NULL THEN NULL ELSE CAST(id AS text) END WHERE account_id = $1`,
	}
}

// Remove implements account.Users.
func (s *Store) Remove(
	ctx context.Context, id ledger.UserID, revise func(account.Account) (account.Account, error),
) (account.Account, error) {
	return s.change(ctx, "sqlaccount.Remove", id, revise, func(ctx context.Context, tx *sql.Tx) error {
		for _, statement := range forgotten() {
			if _, err := tx.ExecContext(ctx, s.runner.Rebind(statement), id); err != nil {
				return fmt.Errorf("forget a user: %w", err)
			}
		}
		return nil
	})
}
