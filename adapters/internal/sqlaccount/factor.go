package sqlaccount

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// An account has at most one row of account_factor, which is changed while the account's own is held.
const (
	factorColumns = `f.secret, f.confirmed, f.step, f.recovery`
	withFactor    = ` FROM account a LEFT JOIN account_factor f ON f.account_id = a.id `

	setFactor = `
INSERT INTO account_factor (account_id, secret, confirmed, step, recovery) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id) DO UPDATE
SET secret = excluded.secret, confirmed = excluded.confirmed, step = excluded.step, recovery = excluded.recovery`

	dropFactor = `DELETE FROM account_factor WHERE account_id = $1`
)

// factorRow is a row of account_factor, or nothing.
type factorRow struct {
	secret    sql.NullString
	confirmed sql.NullBool
	step      sql.NullInt64
	recovery  []byte // digests, one after the other
}

func (r factorRow) factor() account.Factor {
	f := account.Factor{Secret: r.secret.String, On: r.confirmed.Bool, Step: r.step.Int64}
	const size = len(account.Digest{})
	for rest := r.recovery; len(rest) >= size; rest = rest[size:] {
		f.Recovery = append(f.Recovery, account.Digest(rest[:size]))
	}
	return f
}

// setFactor stores a factor that was changed.
func (s *Store) setFactor(ctx context.Context, tx *sql.Tx, id ledger.UserID, stored, revised account.Factor) (err error) {
	switch {
	case revised.Equal(stored):
		return nil
	case revised.IsZero():
		_, err = tx.ExecContext(ctx, s.sql.dropFactor, id)
	default:
		recovery := []byte{}
		for _, digest := range revised.Recovery {
			recovery = append(recovery, digest[:]...)
		}
		_, err = tx.ExecContext(ctx, s.sql.setFactor, id, revised.Secret, revised.On, revised.Step, recovery)
	}
	if err != nil {
		return fmt.Errorf("factor: %w", err)
	}
	return nil
}
