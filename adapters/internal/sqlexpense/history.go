package sqlexpense

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

const history = SelectColumns + `, e.changed_at, COALESCE(e.changed_by, 0)
FROM (
	SELECT *, FALSE AS purged FROM expense_revision
	WHERE ledger_id = $1 AND id = $2 AND ($3 = 0 OR revision <= $3) ORDER BY revision DESC LIMIT $4
) e` + JoinCategories + `
ORDER BY e.revision DESC`

// copyRevision keeps an expense as it is stored now. When it was added is known; when an older version changed it is not.
func copyRevision(changedAt, changedBy, batch string) string {
	return `
INSERT INTO expense_revision (ledger_id, id, revision, spent_on, category_id, price, currency, note, payee, tags, deleted,
	added_by, paid_by, changed_at, changed_by, batch)
SELECT ledger_id, id, revision, spent_on, category_id, price, currency, note, payee, tags, deleted,
	added_by, paid_by, ` + changedAt + `, ` + changedBy + `, ` + batch + `
FROM expense_entry WHERE ledger_id = $1 AND id = $2
ON CONFLICT (ledger_id, id, revision) DO NOTHING`
}

func copyBefore(r *sqlkit.Runner) string {
	return copyRevision("CASE WHEN revision = 1 THEN "+r.Micros("created_at")+" END", "CASE WHEN revision = 1 THEN added_by END", "NULL")
}

const changedNow, changedBy, changedWith = "CAST($3 AS bigint)", "NULLIF(CAST($5 AS bigint), 0)", "CAST($4 AS bigint)"

// remember runs a change of an expense's row, and keeps what it was, if that is not known yet, and what it has become.
func (s *Store) remember(
	ctx context.Context, tx *sql.Tx, in ledger.ID, id expense.ID, at sql.NullInt64, by ledger.UserID, of batchColumn, change func() error,
) error {
	if _, err := tx.ExecContext(ctx, s.sql.copyBefore, in, id); err != nil {
		return fmt.Errorf("keep what expense %d was: %w", id, err)
	}
	if err := change(); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, s.sql.copyAfter, in, id, at, of, by); err != nil {
		return fmt.Errorf("keep what expense %d became: %w", id, err)
	}
	return nil
}

// History implements expense.BinStore.
func (s *Store) History(ctx context.Context, in ledger.ID, id expense.ID, query expense.HistoryQuery) ([]expense.Revision, error) {
	return sqlkit.Rows(ctx, s.runner, "sqlexpense.History", in, s.scanRevision, s.sql.history, id, query.From, query.Limit)
}

func (s *Store) scanRevision(from sqlkit.Scanner) (expense.Revision, error) {
	var at sql.NullInt64
	var by ledger.UserID
	e, err := s.ScanExpense(from, &at, &by)
	return expense.Revision{Expense: e, At: momentOf(at), By: by}, err
}
