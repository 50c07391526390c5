package sqlkit

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"expense-tracker/core/ledger"
)

// lanes bound how many reads of one ledger run at a time. They know the ledgers only that are being read.
type lanes struct {
	width int64 // 0 for any
	mu    sync.Mutex
	open  map[ledger.ID]*lane
}

// lane is one ledger's.
type lane struct {
	*semaphore.Weighted
	users int // that run or wait; guarded by the lanes' mutex
}

func newLanes(width int64) *lanes { return &lanes{width: width, open: make(map[ledger.ID]*lane)} }

// enter waits until a read of the ledger may run, as long as ctx lasts, and returns the function that ends it.
func (l *lanes) enter(ctx context.Context, in ledger.ID) (leave func(), err error) {
	if l.width <= 0 {
		return func() {}, nil
	}
	l.mu.Lock()
	mine, ok := l.open[in]
	if !ok {
		mine = &lane{Weighted: semaphore.NewWeighted(l.width)}
		l.open[in] = mine
	}
	mine.users++
	l.mu.Unlock()
	if err := mine.Acquire(ctx, 1); err != nil {
		l.end(in, mine)
		return nil, err
	}
	return func() {
		mine.Release(1)
		l.end(in, mine)
	}, nil
}

func (l *lanes) end(in ledger.ID, mine *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if mine.users--; mine.users == 0 {
		delete(l.open, in)
	}
}
