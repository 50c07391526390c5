package sqlaccount

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
)

// The generic cell rate algorithm: a row says when all of its tries have passed. A try moves that by the time that one takes, unless it
// would lie further ahead than all tries of a burst take. One that lies further ahead than any limit leads, by LONG or more, was written
// when the clock was wrong, and counts no more. $2 is the time of one, $3 that of a burst; NOW is the database's clock.
const (
	takeTry = `
INSERT INTO account_throttle (digest, free_at) VALUES ($1, NOW + $2)
ON CONFLICT (digest) DO UPDATE
SET free_at = CASE WHEN account_throttle.free_at > NOW AND account_throttle.free_at <= NOW + $3 + LONG THEN account_throttle.free_at
	ELSE NOW END + $2
WHERE account_throttle.free_at + $2 <= NOW + $3 OR account_throttle.free_at > NOW + $3 + LONG
RETURNING free_at`

	waitForTry   = `SELECT free_at + $2 - $3 - NOW FROM account_throttle WHERE digest = $1`
	freeThrottle = `DELETE FROM account_throttle WHERE digest = $1`
)

// at returns a statement with the clock in it.
func at(statement, now string) string {
	long := strconv.FormatInt(account.LongWrong.Microseconds(), 10)
	return strings.NewReplacer("NOW", now, "LONG", long, "$2", "CAST($2 AS bigint)", "$3", "CAST($3 AS bigint)").Replace(statement)
}

// Take implements account.Throttle. All take the rows in one order, so that none waits for another in a circle.
func (s *Store) Take(ctx context.Context, charges ...account.Charge) (wait time.Duration, err error) {
	if len(charges) == 0 {
		return 0, nil
	}
	charges = slices.SortedFunc(slices.Values(charges), func(a, b account.Charge) int { return bytes.Compare(a.By[:], b.By[:]) })
	err = s.runner.WriteAll(ctx, "sqlaccount.Take", func(ctx context.Context, tx *sql.Tx) error {
		wait = 0
		for _, c := range charges {
			one, err := s.takeOne(ctx, tx, c)
			if err != nil {
				return err
			}
			wait = max(wait, one)
		}
		if wait > 0 {
			return sqlkit.ErrNothingChanged // none is counted if one stands in the way
		}
		return nil
	})
	return wait, err
}

// takeOne counts a try against one charge, or returns how long it has to wait.
func (s *Store) takeOne(ctx context.Context, tx *sql.Tx, c account.Charge) (time.Duration, error) {
	one := c.Limit.Every.Microseconds()
	args := []any{c.By[:], one, one * int64(c.Limit.Burst)}
	var micros int64
	err := tx.QueryRowContext(ctx, s.sql.take, args...).Scan(&micros)
	if err == nil {
		return 0, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("take: %w", err)
	}
	if err = tx.QueryRowContext(ctx, s.sql.wait, args...).Scan(&micros); err != nil {
		return 0, fmt.Errorf("wait: %w", err)
	}
	return max(time.Duration(micros), 1) * time.Microsecond, nil
}

// Forget implements account.Throttle.
func (s *Store) Forget(ctx context.Context, by ...account.Digest) error {
	by = slices.SortedFunc(slices.Values(by), func(a, b account.Digest) int { return bytes.Compare(a[:], b[:]) })
	return s.runner.WriteAll(ctx, "sqlaccount.Forget", func(ctx context.Context, tx *sql.Tx) error {
		for _, digest := range by {
			if _, err := tx.ExecContext(ctx, s.sql.free, digest[:]); err != nil {
				return fmt.Errorf("forget: %w", err)
			}
		}
		return nil
	})
}
