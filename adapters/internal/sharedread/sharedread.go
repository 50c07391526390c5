// Package sharedread lets reads that come while another one is under way share a query. A read that finds none under way is asked at
// once, alone, and by its own caller. A read is never answered by a query that began before it came, so it sees all that was stored by
// then.
package sharedread

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"expense-tracker/adapters/internal/recovery"
	"expense-tracker/core/fault"
)

// Ask reads what keys stand for, and returns it in their order. It bounds its own time. A caller's own query alone has that caller's
// context.
type Ask[K, V any] func(ctx context.Context, keys []K) ([]V, error)

// Wait is told when a caller begins to wait for a query that is not its own. The function that it returns is told how that ended.
type Wait func(ctx context.Context) (end func(error))

// Reader shares the queries of one kind.
type Reader[K, V any] struct {
	ask  Ask[K, V]
	wait Wait
	most int // keys of a query

	mu      sync.Mutex
	waiting []*read[K, V]
	busy    bool // a query is under way for whose end those who come wait
}

// read is one caller's key on its way. What it is answered is set before done is closed.
type read[K, V any] struct {
	ctx    context.Context //nolint:containedctx // the caller's: who has left is left out
	key    K
	done   chan struct{}
	answer V
	err    error
}

// patience is how long a query keeps others waiting. One that takes longer has perhaps met a lock, or a connection that is silent.
const patience = 50 * time.Millisecond

// New returns a Reader that asks for so many keys in one query at most.
func New[K, V any](most int, ask Ask[K, V], wait Wait) *Reader[K, V] {
	return &Reader[K, V]{ask: ask, wait: wait, most: most}
}

// Get returns what a key stands for. It ends with its context, whose error is then returned.
func (r *Reader[K, V]) Get(ctx context.Context, key K) (value V, err error) {
	mine := &read[K, V]{ctx: ctx, key: key, done: make(chan struct{})}
	r.mu.Lock()
	if !r.busy {
		r.busy = true
		r.mu.Unlock()
		r.run(ctx, []*read[K, V]{mine})
		return mine.answer, mine.err
	}
	r.waiting = append(r.waiting, mine)
	r.mu.Unlock()
	end := r.wait(ctx)
	defer func() { end(err) }()
	select {
	case <-mine.done:
		return mine.answer, mine.err
	case <-ctx.Done():
		return value, ctx.Err()
	}
}

// run answers those who share a query. When it is over, or takes long, those who came meanwhile share the next one.
func (r *Reader[K, V]) run(ctx context.Context, together []*read[K, V]) {
	passing := time.AfterFunc(patience, r.pass)
	r.answer(ctx, together)
	if passing.Stop() {
		r.pass() //nolint:contextcheck // those who come next have nothing to do with this caller
	}
}

// pass has those who wait asked for in place of a query that nobody waits for any more.
func (r *Reader[K, V]) pass() {
	r.mu.Lock()
	next := r.take()
	r.busy = len(next) > 0
	r.mu.Unlock()
	if len(next) > 0 {
		go r.run(context.Background(), next) // it is nobody's own: who waits may leave, and is told of the wait
	}
}

// take takes those who wait and have not left, as many as a query has room for. The caller holds the lock.
func (r *Reader[K, V]) take() (next []*read[K, V]) {
	for len(r.waiting) > 0 && len(next) < r.most {
		first := r.waiting[0]
		r.waiting[0] = nil
		if r.waiting = r.waiting[1:]; first.ctx.Err() == nil {
			next = append(next, first)
		}
	}
	return next
}

// answer asks for all at once. If that fails while the storage is there, it asks for each by itself, so that only what is at fault fails.
func (r *Reader[K, V]) answer(ctx context.Context, together []*read[K, V]) {
	err := r.try(ctx, together)
	for _, one := range together {
		switch {
		case err == nil:
		case len(together) == 1 || errors.Is(err, fault.Unavailable):
			one.err = err
		case one.ctx.Err() != nil:
			one.err = one.ctx.Err() // who has left is not asked for again
		default:
			one.err = r.try(ctx, []*read[K, V]{one})
		}
		close(one.done)
	}
}

// try asks once. A panic is an error, for all who wait have to be told.
func (r *Reader[K, V]) try(ctx context.Context, together []*read[K, V]) (err error) {
	defer recovery.Into(&err, "sharedread")
	keys := make([]K, len(together))
	for i, one := range together {
		keys[i] = one.key
	}
	answers, err := r.ask(ctx, keys)
	if err == nil && len(answers) != len(keys) {
		err = fmt.Errorf("sharedread: %d answers for %d keys", len(answers), len(keys))
	}
	if err != nil {
		return err
	}
	for i, one := range together {
		one.answer = answers[i]
	}
	return nil
}
