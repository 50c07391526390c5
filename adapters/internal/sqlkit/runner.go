// Package sqlkit is what the SQL of any module needs, once: transactions that run again, snapshots, the state of a ledger, bounded
// reads, measured pools, and migrations. It knows no module of the core and no driver; a Dialect says what differs between databases.
//
// A module asks through a Runner. Each transaction that writes touches the row of its ledger before anything else, so that the
// writers of a ledger queue there and never deadlock.
package sqlkit

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Dialect is what differs between databases, whatever a module asks them.
type Dialect interface {
	// Rebind turns the placeholders $1, $2, … into the driver's.
	Rebind(query string) string
	// Month returns an expression for the month that a column's date lies in, as the integer YYYYMM, which indexes have too.
	Month(column string) string
	// Micros returns an expression for a column's moment in microseconds since 1970.
	Micros(column string) string
	// Fault gives a driver's error its kind; a fault passes through and nil stays nil. A deadline or a cancellation is Unavailable.
	Fault(op string, err error) error
	// Retryable reports whether a transaction that failed so was rolled back and may run again.
	Retryable(err error) bool
	// ConnectionBroke reports whether a call failed so because of its connection, while another one may be whole.
	ConnectionBroke(err error) bool
}

// Options bound a Runner.
type Options struct {
	OperationTimeout time.Duration // of each call, unless its context ends earlier; 0 for none
	LedgerReads      int64         // of one ledger at a time, so that the readers of others find a connection; 0 for any number
	Connections      int           // broken ones that one call may meet before it gives up; 0 for one
}

// Runner runs what modules ask of one database.
type Runner struct {
	writer, reader *sql.DB
	dialect        Dialect
	options        Options
	lanes          *lanes
	touch          Values
	state          string // with the driver's placeholders, as the others
	stepFrom       string
	noteStep       string
}

// New returns a Runner that writes through one pool and reads through another, or through the same. The caller closes them.
func New(writer, reader *sql.DB, dialect Dialect, options Options) *Runner {
	return &Runner{
		writer: writer, reader: reader, dialect: dialect, options: options, lanes: newLanes(options.LedgerReads),
		touch: NewValues(dialect.Rebind, insertState, columnsOfState, raiseState), state: dialect.Rebind(stateOfLedger),
		stepFrom: dialect.Rebind(stepFrom), noteStep: dialect.Rebind(noteStep),
	}
}

// Unbounded returns a Runner on the same pools whose calls take as long as they need.
func (r *Runner) Unbounded() *Runner { return New(r.writer, r.reader, r.dialect, Options{}) }

// Rebind turns the placeholders $1, $2, … into the driver's.
func (r *Runner) Rebind(query string) string { return r.dialect.Rebind(query) }

// Month returns an expression for the month of a column's date, as Dialect says.
func (r *Runner) Month(column string) string { return r.dialect.Month(column) }

// Micros returns an expression for a column's moment, as Dialect says.
func (r *Runner) Micros(column string) string { return r.dialect.Micros(column) }

// Fault gives a driver's error its kind, as Dialect says.
func (r *Runner) Fault(op string, err error) error { return r.dialect.Fault(op, err) }

// Bounded gives a context the operation timeout. The caller has to call the function that it returns.
func (r *Runner) Bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.options.OperationTimeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, r.options.OperationTimeout)
}

// Unlearned is the error of work that met something which cannot be looked up within its transaction, such as a currency. Learn looks
// it up on a connection of its own; then the work runs again.
type Unlearned interface {
	error
	Learn(ctx context.Context) error
}

// Call runs work within the time of one operation, and returns its error as a fault. The work runs again when its connection broke,
// for the next one may be whole, and when it met what it has to learn first. So it must set what it returns from scratch, and
// must be recognised when it runs again after a commit whose answer was lost: an add by its key, a change by its basis.
//
// The connections of a pool break together, and a call finds that out of one after the other: it may meet each, and then a new one.
func (r *Runner) Call(ctx context.Context, op string, work func(context.Context) error) error {
	ctx, cancel := r.Bounded(ctx)
	defer cancel()
	err := learning(ctx, work)
	for range r.options.Connections {
		if err == nil || ctx.Err() != nil || !r.dialect.ConnectionBroke(err) {
			break
		}
		err = learning(ctx, work)
	}
	return r.dialect.Fault(op, err)
}

// learning runs work, and again each time that it met what it has to learn. It learns when work's transaction has ended and its
// connection is free, for work may have the only one.
func learning(ctx context.Context, work func(context.Context) error) error {
	for {
		err := work(ctx)
		var unlearned Unlearned
		if !errors.As(err, &unlearned) {
			return err
		}
		if err := unlearned.Learn(ctx); err != nil {
			return err
		}
	}
}
