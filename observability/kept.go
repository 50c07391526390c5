package observability

import (
	"context"
	"sync"
	"time"
)

// kept reads a value from somewhere that must not be burdened, and hands the answer, an error too, to all who ask soon after.
// Those who ask during a read wait for it. read heeds its context, which ends after bound, not when the first who asked goes away.
type kept[T any] struct {
	read  func(context.Context) (T, error)
	bound time.Duration // of one read
	keep  time.Duration // an answer's life
	now   func() time.Time

	mu    sync.Mutex
	value T
	err   error
	at    time.Time // when the answer came; zero before the first
}

func (k *kept[T]) get(ctx context.Context) (T, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.at.IsZero() && k.now().Sub(k.at) < k.keep {
		return k.value, k.err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), k.bound)
	defer cancel()
	k.value, k.err = k.read(ctx)
	k.at = k.now()
	return k.value, k.err
}
