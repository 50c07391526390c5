package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"expense-tracker/core/fault"
)

const (
	probeBound = time.Second
	probeBusy  = 700 * time.Millisecond // of which it waits for another's lock, so that it can say that
	proofKept  = 2 * time.Second        // how long a commit proves that another is possible
)

// Ready reports whether expenses can be read and stored now: by a commit that has just succeeded, else by one of its own, on a connection
// of its own. It takes a second at most. Its error is Unavailable and says in its message what is wrong.
func (s *DB) Ready(ctx context.Context) error {
	const op = "sqlite.Ready"
	if err := s.guard.check(false); err != nil { //nolint:contextcheck // a look into the file has a bound of its own
		return err
	}
	if s.guard.wroteWithin(proofKept) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, probeBound)
	defer cancel()
	err := dialect{}.Fault(op, s.probe(ctx))
	var f *fault.Error
	if err != nil && (!errors.As(err, &f) || f.Message.IsEmpty()) {
		return unavailable(op, "the data file cannot be written within a second", errors.Join(err, ctx.Err()))
	}
	return err
}

// probe commits a transaction that changes nothing but the number of the state.
func (s *DB) probe(ctx context.Context) error {
	tx, err := s.prober.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	var found int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM ledger WHERE id = 0`).Scan(&found); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

// ignoreDone forgives a transaction that its context's end has rolled back.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
