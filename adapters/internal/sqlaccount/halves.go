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
	begunColumns = `purpose, account_id, generation, data, ends_at`

	forgetEnded = `DELETE FROM account_begun WHERE ends_at < $1`

	beginHalf = `
INSERT INTO account_begun (digest, ` + begunColumns + `) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (digest) DO NOTHING`

	begunHalf  = `SELECT ` + begunColumns + ` FROM account_begun WHERE digest = $1`
	finishHalf = `DELETE FROM account_begun WHERE digest = $1 RETURNING ` + begunColumns
)

// Begin implements account.Halves.
func (s *Store) Begin(ctx context.Context, token account.Digest, begun account.Begun, now time.Time) error {
	return s.runner.WriteAll(ctx, "sqlaccount.Begin", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql.forgetEnded, micros(now)); err != nil {
			return fmt.Errorf("forget what ended: %w", err)
		}
		data := begun.Data
		if data == nil {
			data = []byte{}
		}
		_, err := tx.ExecContext(ctx, s.sql.begin, token[:], string(begun.Purpose), begun.User, begun.Generation, data, micros(begun.Ends))
		if err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		return nil
	})
}

// Begun implements account.Halves.
func (s *Store) Begun(ctx context.Context, token account.Digest) (begun account.Begun, err error) {
	const op = "sqlaccount.Begun"
	err = s.read(ctx, op, func(ctx context.Context, on sqlkit.Querier) error {
		begun, err = oneBegun(ctx, on, op, s.sql.begun, token)
		return err
	})
	return begun, err
}

// Finish implements account.Halves.
func (s *Store) Finish(ctx context.Context, token account.Digest) (begun account.Begun, err error) {
	const op = "sqlaccount.Finish"
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		begun, err = oneBegun(ctx, tx, op, s.sql.finish, token)
		return err
	})
	if err != nil {
		return account.Begun{}, err
	}
	return begun, nil
}

func oneBegun(ctx context.Context, on sqlkit.Querier, op, query string, token account.Digest) (account.Begun, error) {
	found, err := sqlkit.Collect(ctx, on, scanBegun, query, token[:])
	switch {
	case err != nil:
		return account.Begun{}, err
	case len(found) == 0:
		return account.Begun{}, account.NothingBegun(op)
	}
	return found[0], nil
}

func scanBegun(from sqlkit.Scanner) (b account.Begun, err error) {
	var ends int64
	err = from.Scan(&b.Purpose, &b.User, &b.Generation, &b.Data, &ends)
	b.Ends = moment(ends)
	return b, err
}
