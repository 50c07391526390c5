// Package sqlstore is what the SQL storages share: ledger.Store, and all of expense.Store but Add and AddAll, whose speed lies in what only one
// database can do. Its SQL is one text for every database; a Dialect says what differs. It knows no driver.
//
// The tables are those of the storages' migrations: ledger, category, expense_entry, expense_total. Every transaction that
// writes touches the ledger's row before anything else, so that the writers of a ledger queue there and never deadlock.
package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Dialect is what differs between databases.
type Dialect interface {
	// Rebind turns the placeholders $1, $2, … into the driver's.
	Rebind(query string) string
	// ParsePrice reads CAST(price AS text), or of a sum of prices.
	ParsePrice(column string, c money.Currency) (money.Amount, error)
	// StoredDigits is a query for a code ($1), and the decimals that stored prices of it have; empty if prices do not tell.
	StoredDigits() string
	// FormatPrice returns the value that stores an amount in a price column.
	FormatPrice(a money.Amount) any
	// Fault gives a driver's error its kind; a fault passes through and nil stays nil. A deadline or a cancellation is
	// Unavailable, a maintained total that left its range is expense.TotalOverflow.
	Fault(op string, err error) error
	// Retryable reports whether a transaction that failed so may run again.
	Retryable(err error) bool
}

// Options bound a Store.
type Options struct {
	OperationTimeout time.Duration // of each call but Audit, unless its context ends earlier; 0 for none
	LedgerReads      int64         // of one ledger at a time, so that the readers of others find a connection; 0 for any number
}

// Store implements expense.Store but for Add and AddAll. A storage embeds it.
type Store struct {
	writer, reader *sql.DB
	dialect        Dialect
	options        Options
	sql            statements
	currencies     *currencies
	lanes          *lanes
}

var _ interface {
	expense.TotalStore
	expense.CategoryStore
	expense.CurrencyStore
	expense.Counter
	expense.Auditor
	ledger.Store
} = (*Store)(nil)

// New returns a Store that writes through one pool and reads through another, or through the same. The caller closes them.
func New(writer, reader *sql.DB, dialect Dialect, options Options) *Store {
	return &Store{
		writer: writer, reader: reader, dialect: dialect, options: options, sql: rebind(dialect),
		currencies: &currencies{writer: writer, reader: reader}, lanes: newLanes(options.LedgerReads),
	}
}

// On returns a Store of the same tables that writes and reads through another pool.
func (s *Store) On(pool *sql.DB, options Options) *Store {
	other := *s
	other.writer, other.reader, other.options, other.lanes = pool, pool, options, newLanes(options.LedgerReads)
	return &other
}

// Bounded gives a context the operation timeout. The caller has to call the function that it returns.
func (s *Store) Bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.options.OperationTimeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, s.options.OperationTimeout)
}
