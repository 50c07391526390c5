package sqlaccount

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// The passkeys of an account are read with it, and changed while its row is held.
const (
	keysOf = `
SELECT id, credential, name, record, added_at, used_at FROM account_passkey WHERE account_id = $1 ORDER BY added_at, id`

	putKey = `
INSERT INTO account_passkey (account_id, id, credential, name, record, added_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (account_id, id) DO UPDATE SET name = excluded.name, record = excluded.record, used_at = excluded.used_at`

	dropKey = `DELETE FROM account_passkey WHERE account_id = $1 AND id = $2`
)

// setPasskeys stores passkeys that were changed, added or removed.
func (s *Store) setPasskeys(ctx context.Context, tx *sql.Tx, id ledger.UserID, stored, revised []account.Passkey) error {
	for _, p := range stored {
		if !slices.ContainsFunc(revised, func(r account.Passkey) bool { return r.ID == p.ID }) {
			if _, err := tx.ExecContext(ctx, s.sql.dropPasskey, id, p.ID); err != nil {
				return fmt.Errorf("passkey: %w", err)
			}
		}
	}
	for _, p := range revised {
		if slices.ContainsFunc(stored, p.Equal) {
			continue
		}
		_, err := tx.ExecContext(ctx, s.sql.putPasskey, id, p.ID, p.Credential, p.Name, p.Record, micros(p.Added), microsOrNever(p.Used))
		if err != nil {
			return fmt.Errorf("passkey: %w", err)
		}
	}
	return nil
}

// microsOrNever is micros, and 0 for the zero moment.
func microsOrNever(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return micros(at)
}

func scanPasskey(from sqlkit.Scanner) (p account.Passkey, err error) {
	var added, used int64
	err = from.Scan(&p.ID, &p.Credential, &p.Name, &p.Record, &added, &used)
	p.Added = moment(added)
	if used != 0 {
		p.Used = moment(used)
	}
	return p, err
}
