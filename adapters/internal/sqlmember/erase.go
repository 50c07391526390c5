package sqlmember

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// markLeft leaves the rows of those who were in a ledger, so that it is not taken for one that nobody was ever in.
const markLeft = `UPDATE member SET role = 0 WHERE ledger_id = $1`

// erasedLedgers are those that were erased: all who were in one have left, and it has no name.
const erasedLedgers = `
SELECT l.id FROM ledger l
WHERE l.name IS NULL AND EXISTS (SELECT 1 FROM member m WHERE m.ledger_id = l.id)
	AND NOT EXISTS (SELECT 1 FROM member m WHERE m.ledger_id = l.id AND m.role > 0)
ORDER BY l.id`

// Erase implements member.Eraser. Each part is a transaction of its own, so that others write meanwhile.
func (s *Store) Erase(ctx context.Context, in ledger.ID, user ledger.UserID) error {
	const op = "sqlmember.Erase"
	for more := true; more; {
		err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
			all, err := sqlkit.Collect(ctx, tx, scanMember, s.sql.allMembers, in)
			if err != nil {
				return err
			}
			if err := member.CheckAlone(op, all, user); err != nil {
				return err
			}
			if more, err = s.ledgers.EraseSome(ctx, tx, in); err != nil || more {
				return err
			}
			if _, err = tx.ExecContext(ctx, s.sql.markLeft, in); err != nil {
				return fmt.Errorf("leave: %w", err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Sweep implements member.Eraser. It writes to none that has nothing.
func (s *Store) Sweep(ctx context.Context) (ledgers int, err error) {
	const op = "sqlmember.Sweep"
	var erased []ledger.ID
	err = s.runner.ReadEvery(ctx, op, func(ctx context.Context, on sqlkit.Querier) (err error) {
		erased, err = sqlkit.Collect(ctx, on, scanID, s.sql.erasedLedgers)
		return err
	})
	for _, in := range erased {
		if err != nil {
			break
		}
		var hasRows []bool
		if hasRows, err = sqlkit.Rows(ctx, s.runner, op, in, scanIs, s.sql.hasRows); err != nil || !hasRows[0] {
			continue
		}
		if err = s.sweep(ctx, op, in); err == nil {
			ledgers++
		}
	}
	return ledgers, err
}

func scanID(from sqlkit.Scanner) (id ledger.ID, err error) {
	err = from.Scan(&id)
	return id, err
}

func scanIs(from sqlkit.Scanner) (is bool, err error) {
	err = from.Scan(&is)
	return is, err
}

// sweep erases once more what was erased, unless it was defined anew meanwhile.
func (s *Store) sweep(ctx context.Context, op string, in ledger.ID) (err error) {
	for more := true; more && err == nil; {
		err = s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) (err error) {
			more = false
			if _, err = s.ledgers.LedgerOn(ctx, tx, op, in); !errors.Is(err, fault.NotFound) {
				return errors.Join(err, sqlkit.ErrNothingChanged)
			}
			more, err = s.ledgers.EraseSome(ctx, tx, in)
			return err
		})
	}
	return err
}
