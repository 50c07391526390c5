// Package later does small work that no request shall wait for, one after the other, and leaves undone what there is no time for.
package later

import (
	"context"
	"sync"
	"time"
)

// What waits at most, and how long one may take.
const (
	waiting = 64
	bound   = 5 * time.Second
)

// Worker does work that is handed to it.
type Worker struct {
	work chan func(context.Context)
	done sync.WaitGroup
}

// Start returns a worker, and what stops it, which waits for what is under way.
func Start(ctx context.Context) (w *Worker, stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	w = &Worker{work: make(chan func(context.Context), waiting)}
	w.done.Go(func() { w.run(ctx) })
	return w, func() {
		cancel()
		w.done.Wait()
	}
}

func (w *Worker) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case work := <-w.work:
			bounded, cancel := context.WithTimeout(ctx, bound)
			work(bounded)
			cancel()
		}
	}
}

// Do has work done when there is time for it. It never waits: where too much waits already, the work is left undone.
func (w *Worker) Do(work func(context.Context)) {
	select {
	case w.work <- work:
	default:
	}
}
