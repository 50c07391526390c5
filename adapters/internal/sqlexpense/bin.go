package sqlexpense

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

const (
	// The order is that of the index. A deletion's moment is nearly a key by itself.
	selectBin = SelectColumns + `, e.deleted_at
FROM (
	SELECT * FROM expense_entry WHERE ledger_id = $1 AND deleted AND NOT purged`
	endBin = `
) e` + JoinCategories

	binNewest = selectBin + ` ORDER BY deleted_at DESC, id DESC LIMIT $2` + endBin + ` ORDER BY e.deleted_at DESC, e.id DESC`
	binBefore = selectBin + ` AND deleted_at <= $2 AND (deleted_at < $2 OR id < $3)
	ORDER BY deleted_at DESC, id DESC LIMIT $4` + endBin + ` ORDER BY e.deleted_at DESC, e.id DESC`
	binAfter = selectBin + ` AND deleted_at >= $2 AND (deleted_at > $2 OR id > $3)
	ORDER BY deleted_at, id LIMIT $4` + endBin + ` ORDER BY e.deleted_at, e.id`

	purgeable = `
SELECT id, currency FROM expense_entry
WHERE ledger_id = $1 AND deleted AND NOT purged AND deleted_at < $2
ORDER BY deleted_at, id LIMIT $3`

	// The row keeps its key and its category. A price may not be 0, and has all decimals of its currency.
	purgeExpense = `
UPDATE expense_entry
SET spent_on = $3, price = $4, note = '', payee = '', tags = '', purged = TRUE, deleted_at = NULL, paid_by = NULL, revision = revision + 1
WHERE ledger_id = $1 AND id = $2`
	forgetRevisions = `DELETE FROM expense_revision WHERE ledger_id = $1 AND id = $2`
	forgetSteps     = `DELETE FROM ledger_change WHERE ledger_id = $1 AND kind = 'expense' AND row_id = $2`
)

// Bin implements expense.BinStore.
func (s *Store) Bin(ctx context.Context, in ledger.ID, query expense.BinQuery) ([]expense.Binned, error) {
	const op = "sqlexpense.Bin"
	switch {
	case query.Before != nil:
		return sqlkit.Rows(ctx, s.runner, op, in, s.scanBinned, s.sql.binBefore, query.Before.At.UnixMicro(), query.Before.ID, query.Limit)
	case query.After != nil:
		found, err := sqlkit.Rows(ctx, s.runner, op, in, s.scanBinned, s.sql.binAfter, query.After.At.UnixMicro(), query.After.ID, query.Limit)
		slices.Reverse(found)
		return found, err
	}
	return sqlkit.Rows(ctx, s.runner, op, in, s.scanBinned, s.sql.binNewest, query.Limit)
}

func (s *Store) scanBinned(from sqlkit.Scanner) (expense.Binned, error) {
	var at sql.NullInt64
	e, err := s.ScanExpense(from, &at)
	return expense.Binned{Expense: e, At: momentOf(at)}, err
}

// momentOf returns a moment that is kept in microseconds; the zero time if it is not known.
func momentOf(micros sql.NullInt64) time.Time {
	if !micros.Valid {
		return time.Time{}
	}
	return time.UnixMicro(micros.Int64).UTC()
}

// microsOf is what is kept of a moment.
func microsOf(at time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: at.UnixMicro(), Valid: !at.IsZero()}
}

// Purge implements expense.BinStore. It looks before it writes, so that a ledger with nothing to purge keeps its state. The ledger's row
// is the queue of those who purge.
func (s *Store) Purge(ctx context.Context, in ledger.ID, before time.Time, limit int) (purged int, err error) {
	const op = "sqlexpense.Purge"
	due, err := sqlkit.Rows(ctx, s.runner, op, in, s.scanPurgeable, s.sql.purgeable, before.UnixMicro(), 1)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	err = s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		due, err := sqlkit.Collect(ctx, tx, s.scanPurgeable, s.sql.purgeable, in, before.UnixMicro(), limit)
		if err != nil {
			return err
		}
		if purged = len(due); purged == 0 {
			return sqlkit.ErrNothingChanged
		}
		for _, e := range due {
			if _, err := tx.ExecContext(ctx, s.sql.purgeExpense, in, e.id, expense.NoDay().String(), e.price); err != nil {
				return fmt.Errorf("purge expense %d: %w", e.id, err)
			}
			for _, forget := range []string{s.sql.forgetRevisions, s.sql.forgetSteps} {
				if _, err := tx.ExecContext(ctx, forget, in, e.id); err != nil {
					return fmt.Errorf("purge what is known of expense %d: %w", e.id, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return purged, nil
}

// purgeableRow is an expense to purge, with the price that it gets.
type purgeableRow struct {
	id    expense.ID
	price any
}

func (s *Store) scanPurgeable(from sqlkit.Scanner) (purgeableRow, error) {
	var r purgeableRow
	var code string
	if err := from.Scan(&r.id, &code); err != nil {
		return r, err
	}
	currency, err := s.currencies.Stored(code)
	r.price = s.currencies.StoreAmount(money.FromMinor(1, currency))
	return r, err
}
