package sqlkit

import (
	"context"
	"database/sql"
	"errors"

	"expense-tracker/core/ledger"
)

// Querier is a pool, a connection or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Scanner is a row to read columns from.
type Scanner interface{ Scan(dest ...any) error }

// Read runs reads of a ledger that need not see one moment. It is a Call, and waits until the ledger has a read to spare.
func (r *Runner) Read(ctx context.Context, op string, in ledger.ID, work func(ctx context.Context, on Querier) error) error {
	return r.inLane(ctx, op, in, func(ctx context.Context) error { return work(ctx, r.reader) })
}

// ReadAll runs reads of what belongs to no ledger. It is a Call.
func (r *Runner) ReadAll(ctx context.Context, op string, work func(ctx context.Context, on Querier) error) error {
	return r.Call(ofNoLedger(ctx), op, func(ctx context.Context) error { return work(ctx, r.reader) })
}

// ReadEvery runs reads that look across ledgers on purpose: which there are, and who is in them. It is a Call.
func (r *Runner) ReadEvery(ctx context.Context, op string, work func(ctx context.Context, on Querier) error) error {
	return r.Call(OfEveryLedger(ctx), op, func(ctx context.Context) error { return work(ctx, r.reader) })
}

func (r *Runner) inLane(ctx context.Context, op string, in ledger.ID, work func(context.Context) error) error {
	return r.Call(InLedger(ctx, in), op, func(ctx context.Context) error {
		leave, err := r.lanes.enter(ctx, in)
		if err != nil {
			return err
		}
		defer leave()
		return work(ctx)
	})
}

// Rows is Read for the rows of one query, whose first argument is the ledger.
func Rows[T any](
	ctx context.Context, r *Runner, op string, in ledger.ID, scan func(Scanner) (T, error), query string, args ...any,
) (all []T, err error) {
	err = r.Read(ctx, op, in, func(ctx context.Context, on Querier) error {
		all, err = Collect(ctx, on, scan, query, append([]any{in}, args...)...)
		return err
	})
	return all, err
}

// Collect runs a query and scans all of its rows. A driver's error is left as it is.
func Collect[T any](ctx context.Context, on Querier, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := on.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err has told the outcome by then
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			if closing := rows.Close(); closing != nil { // what cannot be read may be of another file: the driver knows
				err = errors.Join(err, closing)
			}
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Once begins a query whose text depends on what was asked for: no connection keeps it prepared.
const Once = "/* once */"
