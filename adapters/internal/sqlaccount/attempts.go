package sqlaccount

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
)

const (
	forgetAttempts = `DELETE FROM account_attempt WHERE expires_at <= $1`

	insertAttempt = `
INSERT INTO account_attempt (digest, aim, account_id, code, return_to, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (digest) DO NOTHING`

	returnAttempt = `DELETE FROM account_attempt WHERE digest = $1 RETURNING aim, account_id, code, return_to, expires_at`
)

// Depart implements account.Identities.
func (s *Store) Depart(ctx context.Context, by account.Digest, attempt account.Attempt, now time.Time) error {
	return s.runner.WriteAll(ctx, "sqlaccount.Begin", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql.identities.forgetAttempts, micros(now)); err != nil {
			return fmt.Errorf("forget attempts: %w", err)
		}
		_, err := tx.ExecContext(ctx, s.sql.identities.insertAttempt, by[:], int(attempt.Aim), attempt.User, attempt.Code[:], attempt.To,
			micros(attempt.Expires))
		if err != nil {
			return fmt.Errorf("insert attempt: %w", err)
		}
		return nil
	})
}

// Return implements account.Identities. When the connection breaks at the commit, the attempt may be gone: it is never given back twice.
func (s *Store) Return(ctx context.Context, by account.Digest, now time.Time) (account.Attempt, error) {
	const op = "sqlaccount.Return"
	var found []account.Attempt
	err := s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) (err error) {
		found, err = sqlkit.Collect(ctx, tx, scanAttempt, s.sql.identities.returnAttempts, by[:])
		if err == nil && len(found) == 0 {
			return sqlkit.ErrNothingChanged
		}
		return err
	})
	switch {
	case err != nil:
		return account.Attempt{}, err
	case len(found) == 0 || !now.Before(found[0].Expires):
		return account.Attempt{}, account.NoSuchAttempt(op)
	}
	return found[0], nil
}

func scanAttempt(from sqlkit.Scanner) (a account.Attempt, err error) {
	var code []byte
	var expires int64
	err = from.Scan(&a.Aim, &a.User, &code, &a.To, &expires)
	copy(a.Code[:], code)
	a.Expires = moment(expires)
	return a, err
}
