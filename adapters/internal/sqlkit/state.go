package sqlkit

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"

	"expense-tracker/core/ledger"
)

const (
	insertState = `
INSERT INTO ledger (id, version, mark) VALUES `
	columnsOfState = 3
	firstVersion   = 1

	raiseState = `
ON CONFLICT (id) DO UPDATE SET version = ledger.version + 1, mark = excluded.mark`

	stateOfLedger = `SELECT version, mark FROM ledger WHERE id = $1`
)

// NewMark draws the mark of a ledger's new state. Numbers that come by chance do not repeat when a storage was restored.
func NewMark() int64 { return rand.Int64() } //nolint:gosec // it has to differ, not to be hard to guess

// State returns the state of a ledger, the zero State if nothing was written to it. It is asked for with each page, so it runs unwatched.
func (r *Runner) State(ctx context.Context, op string, in ledger.ID) (state ledger.State, err error) {
	err = r.GlanceAt(ctx, op, in, func(ctx context.Context, on Querier) (err error) {
		state, err = r.StateOn(ctx, on, in)
		return err
	})
	return state, err
}

// GlanceAt runs one cheap query of a ledger that is asked with each page, unwatched. It is a Call.
func (r *Runner) GlanceAt(ctx context.Context, op string, in ledger.ID, work func(ctx context.Context, on Querier) error) error {
	return r.glance(InLedger(ctx, in), op, work)
}

// Glance is GlanceAt for tables that know no ledger.
func (r *Runner) Glance(ctx context.Context, op string, work func(ctx context.Context, on Querier) error) error {
	return r.glance(OfWhateverLedger(ctx), op, work)
}

// GlanceEvery is GlanceAt for what looks across ledgers: which one is meant is part of the answer.
func (r *Runner) GlanceEvery(ctx context.Context, op string, work func(ctx context.Context, on Querier) error) error {
	return r.glance(OfEveryLedger(ctx), op, work)
}

func (r *Runner) glance(ctx context.Context, op string, work func(ctx context.Context, on Querier) error) error {
	return r.Call(ctx, op, func(ctx context.Context) error { return Unwatched(ctx, r.reader, work) })
}

// StateOn returns the state of a ledger as a snapshot sees it. A driver's error is left as it is.
func (r *Runner) StateOn(ctx context.Context, on Querier, in ledger.ID) (ledger.State, error) {
	found, err := Collect(ctx, on, scanState, r.state, in)
	if err != nil || len(found) == 0 {
		return ledger.State{}, err
	}
	return found[0], nil
}

func scanState(from Scanner) (state ledger.State, err error) {
	err = from.Scan(&state.Version, &state.Mark)
	return state, err
}

// Unwatched waits for a connection of the pool as long as ctx says, and then runs work with a context that does not end: to watch
// one takes longer than a quick answer. The connections of a storage have to bound what they ask by themselves: the context tells
// them until when.
func Unwatched(ctx context.Context, pool *sql.DB, work func(ctx context.Context, on Querier) error) (err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return work(unwatched{ctx}, conn) //nolint:contextcheck // it holds the caller's
}

// unwatched is a context that has a deadline, and does not end with it.
type unwatched struct {
	context.Context //nolint:containedctx // it is one
}

func (unwatched) Done() <-chan struct{} { return nil }
func (unwatched) Err() error            { return nil }
