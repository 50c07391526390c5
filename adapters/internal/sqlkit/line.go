package sqlkit

import (
	"context"
	"database/sql"
	"time"

	"expense-tracker/core/ledger"
)

// Line is a line of a ledger's log that a module writes with a change of its own.
type Line struct {
	At   time.Time
	Kind string
	By   ledger.UserID
	Of   ledger.UserID
	Role ledger.Role
	Text string
}

// Note writes a line within the transaction that changes what it is about, which has touched the ledger's row. So no change goes without
// its line, and the module that keeps the log is known to the storage alone.
type Note func(ctx context.Context, tx *sql.Tx, in ledger.ID, line Line) error
