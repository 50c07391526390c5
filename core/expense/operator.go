package expense

import (
	"context"

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
}
