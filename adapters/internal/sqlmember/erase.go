package sqlmember

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// markLeft leaves the rows of those who were in a ledger, so that it is not taken for one that nobody was ever in.
const markLeft = `UPDATE member SET role = 0 WHERE ledger_id = $1`

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
