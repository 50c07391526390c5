package observability

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errOverdue is the answer of a read that has not ended although its context has.
var errOverdue = errors.New("no answer within the time")

// kept reads a value from somewhere that must not be burdened, and hands the answer, an error too, to all who ask soon after.
// Those who ask during a read wait for it. Its context ends after bound, not when the first who asked goes away. A read that does
// not heed that leaves its askers with errOverdue, and no other begins before it has ended: one goroutine is all that hangs.
type kept[T any] struct {
	read  func(context.Context) (T, error)
	bound time.Duration // of one read
	keep  time.Duration // an answer's life
	now   func() time.Time

	mu      sync.Mutex
	value   T
	err     error
	at      time.Time // when the answer came; zero before the first
	running *reading  // nil if nothing is being read
}

// reading is a read under way.
type reading struct {
	done    chan struct{}
	overdue <-chan time.Time // fires once, for the first who waits for so long, who closes given
	given   chan struct{}
}

func (k *kept[T]) get(ctx context.Context) (T, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running == nil {
		if !k.at.IsZero() && k.now().Sub(k.at) < k.keep {
			return k.value, k.err
		}
		k.start(context.WithoutCancel(ctx))
	}
	running := k.running
	k.mu.Unlock()
	late := running.isLate()
	k.mu.Lock()
	if late {
		var none T
		return none, errOverdue
	}
	return k.value, k.err
}

// start reads in a goroutine of its own, which ends when read does.
func (k *kept[T]) start(ctx context.Context) {
	running := &reading{done: make(chan struct{}), given: make(chan struct{}),
		overdue: time.After(k.bound + k.bound/4)} // time to say why it was late
	k.running = running
	go func() {
		ctx, cancel := context.WithTimeout(ctx, k.bound)
		defer cancel()
		value, err := k.read(ctx)
		k.mu.Lock()
		k.value, k.err, k.at, k.running = value, err, k.now(), nil
		k.mu.Unlock()
		close(running.done)
	}()
}

// isLate waits for the read's end, or until it is given up.
func (r *reading) isLate() bool {
	select {
	case <-r.done:
		return false
	case <-r.given:
		return true
	case <-r.overdue:
		close(r.given)
		return true
	}
}
