package sqlkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/core/ledger"
)

// maxAttempts is how often a transaction runs that the database asks to run again.
const maxAttempts = 5

// ErrNothingChanged is what work returns to Write to roll back without an error, so that the ledger's state stays.
var ErrNothingChanged = errors.New("nothing changed")

// Write runs work in a transaction that has given the ledger a new state and holds its row, and commits it: every write of a module
// goes through here. It is a Call, and runs again too when the database asks for that. An error of work rolls back and is
// returned with its kind, but for ErrNothingChanged. After an error nothing may be taken as stored.
func (r *Runner) Write(ctx context.Context, op string, in ledger.ID, work func(ctx context.Context, tx *sql.Tx) error) error {
	return r.write(InLedger(ctx, in), op, func(ctx context.Context, tx *sql.Tx) error {
		if err := r.Touch(ctx, tx, in); err != nil {
			return err
		}
		return work(ctx, tx)
	})
}

// Touch gives a ledger a new state in a transaction that Write did not begin.
func (r *Runner) Touch(ctx context.Context, tx *sql.Tx, in ledger.ID) error {
	if _, err := tx.ExecContext(ctx, r.touch, in, NewMark()); err != nil {
		return fmt.Errorf("touch ledger %d: %w", in, err)
	}
	return nil
}

// WriteNew is Write for work that makes a ledger, whose row is not there yet: it touches none. What such work locks before the new
// row, no other transaction locks after a ledger's. Its scope is every ledger until work says InLedger, with the new one's number.
func (r *Runner) WriteNew(ctx context.Context, op string, work func(ctx context.Context, tx *sql.Tx) error) error {
	return r.write(OfEveryLedger(ctx), op, work)
}

// WriteAll is Write for what belongs to no ledger: none gets a new state, and no row is held before work's own.
func (r *Runner) WriteAll(ctx context.Context, op string, work func(ctx context.Context, tx *sql.Tx) error) error {
	return r.write(ofNoLedger(ctx), op, work)
}

func (r *Runner) write(ctx context.Context, op string, work func(ctx context.Context, tx *sql.Tx) error) error {
	err := r.Call(ctx, op, func(ctx context.Context) error { return r.transact(ctx, r.writer, nil, work) })
	if errors.Is(err, ErrNothingChanged) {
		return nil
	}
	return err
}

// Snapshot runs reads of a ledger that must see one moment, as Read does.
func (r *Runner) Snapshot(ctx context.Context, op string, in ledger.ID, work func(ctx context.Context, on Querier) error) error {
	return r.inLane(ctx, op, in, func(ctx context.Context) error {
		options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
		return r.transact(ctx, r.reader, options, func(ctx context.Context, tx *sql.Tx) error { return work(ctx, tx) })
	})
}

// transact runs work in a transaction, and again as long as the database asks for that.
func (r *Runner) transact(ctx context.Context, pool *sql.DB, options *sql.TxOptions, work func(context.Context, *sql.Tx) error) error {
	var err error
	for range maxAttempts {
		err = attempt(ctx, pool, options, work)
		if err == nil || ctx.Err() != nil || !r.dialect.Retryable(err) {
			break
		}
	}
	return err
}

// attempt runs work in one transaction. A panic of work rolls back too.
func attempt(ctx context.Context, pool *sql.DB, options *sql.TxOptions, work func(context.Context, *sql.Tx) error) (err error) {
	tx, err := pool.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	committed := false
	defer func() {
		if committed {
			return
		}
		// ErrTxDone: the context's end has rolled back before us, or the commit has ended the transaction.
		if rollbackErr := tx.Rollback(); rollbackErr != nil && !errors.Is(rollbackErr, sql.ErrTxDone) {
			err = errors.Join(err, fmt.Errorf("roll back: %w", rollbackErr))
		}
	}()
	if err := work(ctx, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	committed = true
	return nil
}
