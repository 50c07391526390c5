package expense

import (
	"context"
	"time"

	"expense-tracker/core/ledger"
)

// These ports are the operator's. No page needs them, and they see all ledgers.

// Counter counts for the operator's metrics.
type Counter interface {
	// CountExpenses returns how many expenses are stored in all ledgers of people. It reads maintained totals, and no history.
	CountExpenses(ctx context.Context) (int64, error)
}

// Auditor checks the maintained totals, on a storage in use.
type Auditor interface {
	// Ledgers returns every ledger that was ever written to, in order.
	Ledgers(ctx context.Context) ([]ledger.ID, error)
	// Audit compares every maintained total of a ledger with the sum of its rows, all of one moment. It returns the differences
	// in the order of TotalKey.Compare. With repair it makes the totals right in the same transaction.
	Audit(ctx context.Context, in ledger.ID, repair bool) ([]Discrepancy, error)

	// BeginAudit reports whether the caller is the one, of all instances, that audits now: none has begun an audit within the time every
	// before now. One that seems to have begun later than that after now had a wrong clock, and counts for nothing. With an every of 0 it is
	// always the caller, who so says that an audit goes on.
	BeginAudit(ctx context.Context, now time.Time, every time.Duration) (bool, error)
	// EndAudit keeps what an audit of all ledgers found, in place of what the one before did.
	EndAudit(ctx context.Context, found AuditReport) error
	// LastAudit returns what EndAudit kept last.
	LastAudit(ctx context.Context) (AuditReport, error)
}

// AuditReport is what an audit of all ledgers found.
type AuditReport struct {
	Ended       time.Time // in UTC, to the microsecond; zero if there was none
	Ledgers     int
	Differences int // totals that are not the sums of their expenses
}
