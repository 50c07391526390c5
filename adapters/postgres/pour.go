package postgres

import (
	"context"
	"errors"
	"sync"

	"expense-tracker/adapters/internal/relocation"
)

// pouring is rows that one side reads while the other still writes those before.
type pouring struct {
	batches chan [][]any
	batch   [][]any
	err     error // of the stream; read after batches is closed
	end     context.CancelFunc
	done    sync.WaitGroup
}

// pourBatch is how many rows wait together.
const pourBatch = 500

// pour implements pgx.CopyFromSource for a stream.
func pour(ctx context.Context, rows relocation.Stream, w way) *pouring {
	ctx, end := context.WithCancel(ctx)
	p := &pouring{batches: make(chan [][]any, 4), end: end}
	p.done.Go(func() {
		defer close(p.batches)
		var batch [][]any
		hand := func() error {
			if len(batch) == 0 {
				return nil
			}
			select {
			case p.batches <- batch:
				batch = nil
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		p.err = rows(func(row []any) error {
			own := append(make([]any, 0, len(row)), row...)
			if err := w.to(own); err != nil {
				return err
			}
			if batch = append(batch, own); len(batch) < pourBatch {
				return nil
			}
			return hand()
		})
		p.err = errors.Join(p.err, hand())
	})
	return p
}

// Next implements pgx.CopyFromSource.
func (p *pouring) Next() bool {
	if len(p.batch) > 1 {
		p.batch = p.batch[1:]
		return true
	}
	var more bool
	p.batch, more = <-p.batches
	return more
}

// Values implements pgx.CopyFromSource.
func (p *pouring) Values() ([]any, error) { return p.batch[0], nil }

// Err implements pgx.CopyFromSource.
func (p *pouring) Err() error { return p.err }

// stop ends the reading, if it goes on, and waits for it.
func (p *pouring) stop() {
	p.end()
	p.done.Wait()
}
