package sqlaccount

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

const (
	isSetUp = `SELECT next FROM account_register WHERE id = 1`

	offerCode = `
INSERT INTO account_setup_code (digest, offered_at) VALUES ($1, $2)
ON CONFLICT (digest) DO UPDATE SET offered_at = excluded.offered_at`

	forgetOldCodes = `
DELETE FROM account_setup_code WHERE digest NOT IN (
	SELECT digest FROM account_setup_code ORDER BY offered_at DESC, digest LIMIT $1
)`

	offeredCode = `SELECT count(*) FROM account_setup_code WHERE digest = $1`
	forgetCodes = `DELETE FROM account_setup_code`
)

// IsSetUp implements account.Setup.
func (s *Store) IsSetUp(ctx context.Context) (done bool, err error) {
	err = s.read(ctx, "sqlaccount.IsSetUp", func(ctx context.Context, on sqlkit.Querier) error {
		next, err := number(ctx, on, s.sql.isSetUp)
		done = next > 1
		return err
	})
	return done, err
}

// Offer implements account.Setup.
func (s *Store) Offer(ctx context.Context, code account.Digest, at time.Time) (open bool, err error) {
	err = s.runner.WriteAll(ctx, "sqlaccount.Offer", func(ctx context.Context, tx *sql.Tx) error {
		next, err := number(ctx, tx, s.sql.holdRegister)
		if open = err == nil && next == 1; err != nil {
			return err
		}
		if !open {
			return sqlkit.ErrNothingChanged
		}
		if _, err := tx.ExecContext(ctx, s.sql.offer, code[:], micros(at)); err != nil {
			return fmt.Errorf("offer: %w", err)
		}
		_, err = tx.ExecContext(ctx, s.sql.forgetOld, account.MaxCodes)
		return err
	})
	return open && err == nil, err
}

// CreateFirst implements account.Setup.
func (s *Store) CreateFirst(ctx context.Context, code account.Digest, given account.Account) (account.User, error) {
	return s.createFirst(ctx, "sqlaccount.CreateFirst", code, given, func(context.Context, *sql.Tx, account.User) error { return nil })
}

// createFirst creates the first account, and does what else comes with it.
func (s *Store) createFirst(
	ctx context.Context, op string, code account.Digest, given account.Account, also func(context.Context, *sql.Tx, account.User) error,
) (made account.User, err error) {
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		made = account.User{}
		id, err := number(ctx, tx, s.sql.takeNumber)
		if err != nil {
			return err
		}
		if id > 1 {
			first, err := s.one(ctx, tx, op, s.sql.byID, ledger.UserID(1))
			if err == nil && first.Hash == given.Hash {
				made = first.User
				return sqlkit.ErrNothingChanged
			}
			return account.AlreadySetUp(op)
		}
		if !code.IsZero() {
			offered, err := number(ctx, tx, s.sql.offered, code[:])
			if err != nil {
				return err
			}
			if offered == 0 {
				return account.WrongCode(op)
			}
		}
		if made, err = s.insert(ctx, tx, op, ledger.UserID(id), given); err != nil {
			return err
		}
		if err := also(ctx, tx, made); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, s.sql.forget)
		return err
	})
	return made, err
}
