package sqlexpense

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
)

const (
	beginAudit = `
INSERT INTO audit_run (id, begun_at, ended_at, ledgers, differences) VALUES (1, $1, 0, 0, 0)
ON CONFLICT (id) DO UPDATE SET begun_at = excluded.begun_at
WHERE audit_run.begun_at <= $2 OR audit_run.begun_at > $3`

	endAudit = `
INSERT INTO audit_run (id, begun_at, ended_at, ledgers, differences) VALUES (1, 0, $1, $2, $3)
ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, ledgers = excluded.ledgers, differences = excluded.differences`

	lastAudit = `SELECT ended_at, ledgers, differences FROM audit_run WHERE id = 1 AND ended_at > 0`
)

// BeginAudit implements expense.Auditor. Should its first try have been stored and its answer lost, the second says that another audits:
// one audit is left out then.
func (a Auditor) BeginAudit(ctx context.Context, now time.Time, every time.Duration) (begun bool, err error) {
	err = a.store.runner.WriteAll(ctx, "sqlexpense.BeginAudit", func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, a.store.sql.beginAudit,
			now.UnixMicro(), now.Add(-every).UnixMicro(), now.Add(every).UnixMicro())
		if err != nil {
			return fmt.Errorf("begin an audit: %w", err)
		}
		changed, err := result.RowsAffected()
		begun = changed > 0
		if err == nil && !begun {
			return sqlkit.ErrNothingChanged
		}
		return err
	})
	return begun && err == nil, err
}

// EndAudit implements expense.Auditor.
func (a Auditor) EndAudit(ctx context.Context, found expense.AuditReport) error {
	return a.store.runner.WriteAll(ctx, "sqlexpense.EndAudit", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, a.store.sql.endAudit, found.Ended.UnixMicro(), found.Ledgers, found.Differences); err != nil {
			return fmt.Errorf("end an audit: %w", err)
		}
		return nil
	})
}

// LastAudit implements expense.Auditor.
func (a Auditor) LastAudit(ctx context.Context) (found expense.AuditReport, err error) {
	err = a.store.runner.ReadAll(ctx, "sqlexpense.LastAudit", func(ctx context.Context, on sqlkit.Querier) error {
		var micros int64
		err := on.QueryRowContext(ctx, a.store.sql.lastAudit).Scan(&micros, &found.Ledgers, &found.Differences)
		if errors.Is(err, sql.ErrNoRows) {
			found = expense.AuditReport{}
			return nil
		}
		found.Ended = time.UnixMicro(micros).UTC()
		return err
	})
	return found, err
}
