package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"

	"expense-tracker/core/ledger"
)

// maxAttempts is how often a transaction runs that the database asks to run again.
const maxAttempts = 5

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

const touchLedger = `
INSERT INTO ledger (id, version, mark) VALUES ($1, 1, $2)
ON CONFLICT (id) DO UPDATE SET version = ledger.version + 1, mark = excluded.mark`

// ErrNothingChanged is what work returns to Write to roll back without an error, so that the ledger's state stays.
var ErrNothingChanged = errors.New("nothing changed")

// NewMark draws the mark of a ledger's new state. Numbers that come by chance do not repeat when a storage was restored.
func NewMark() int64 { return rand.Int64() } //nolint:gosec // it has to differ, not to be hard to guess

// Write runs work in a transaction that has given the ledger a new state and holds its row, and commits it. If the database asks
// for it, all of that runs again, so work must set what it returns from scratch. An error of work rolls back and is
// returned with its kind, but for ErrNothingChanged. After an error nothing may be taken as stored.
func (s *Store) Write(ctx context.Context, op string, in ledger.ID, work func(ctx context.Context, tx *sql.Tx) error) error {
	err := s.transact(ctx, op, s.writer, nil, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql.touchLedger, in, NewMark()); err != nil {
			return fmt.Errorf("touch ledger %d: %w", in, err)
		}
		return work(ctx, tx)
	})
	if errors.Is(err, ErrNothingChanged) {
		return nil
	}
	return err
}

// snapshot runs reads that must see one moment.
func (s *Store) snapshot(ctx context.Context, op string, work func(ctx context.Context, tx *sql.Tx) error) error {
	return s.transact(ctx, op, s.reader, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, work)
}

func (s *Store) transact(ctx context.Context, op string, db *sql.DB, options *sql.TxOptions, work func(context.Context, *sql.Tx) error) error {
	var err error
	for range maxAttempts {
		err = s.learning(ctx, func(ctx context.Context) error { return attempt(ctx, db, options, work) })
		if err == nil || ctx.Err() != nil || !s.dialect.Retryable(err) {
			break
		}
	}
	return s.dialect.Fault(op, err)
}

// attempt runs work in one transaction. A panic of work rolls back too.
func attempt(ctx context.Context, db *sql.DB, options *sql.TxOptions, work func(context.Context, *sql.Tx) error) (err error) {
	tx, err := db.BeginTx(ctx, options)
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
