package observability

import (
	"context"
	"sync/atomic"
	"time"
)

// request is what one request carries through the handlers. It is the context of what they do, too: a value more in it would cost more.
type request struct {
	context.Context //nolint:containedctx // it is one

	id      string
	aborted bool // the response is broken off: its beginning was sent and its end cannot be
	times   times

	queued atomic.Int64          // how long its add waited until its batch began, as a time.Duration; 0 if it has none
	batch  atomic.Pointer[batch] // that its add was in; nil if none began
}

type (
	requestKey struct{}
	timesKey   struct{}
)

// Value gives what the request carries by its keys, and else what its own context has.
func (r *request) Value(key any) any {
	switch key.(type) {
	case requestKey:
		return r
	case timesKey:
		return &r.times
	}
	return r.Context.Value(key)
}

func requestOf(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}

// waited notes how long the add of a request waited, and for which batch; nil if it gave up before one began.
func (r *request) waited(since time.Duration, in *batch) {
	if r == nil {
		return
	}
	r.queued.Store(int64(max(since, 1)))
	if in != nil {
		r.batch.Store(in)
	}
}
