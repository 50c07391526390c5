// Package later does small work that no request shall wait for, one after the other, and leaves undone what there is no time for.
package later

import (
	"context"
	"sync"
	"time"

	"expense-tracker/cmd/expense-tracker/job"
)

// What waits at most, and how long one may take.
const (
	waiting = 64
	bound   = 5 * time.Second
)

// Worker does work that is handed to it.
type Worker struct {
	work  chan func(context.Context)
	again time.Duration

	mu   sync.Mutex
	last map[string]time.Time // when work of a name was taken
}

// Start returns a worker that does work of one name once in a time, and what stops it, which waits for what is under way.
func Start(ctx context.Context, again time.Duration) (w *Worker, stop func()) {
	w = &Worker{work: make(chan func(context.Context), waiting), again: again, last: map[string]time.Time{}}
	return w, job.Start(ctx, w.run)
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

// mostNames bounds how many names are remembered; what is forgotten is done once more at most.
const mostNames = 4096

// Do has work done when there is time for it. It never waits: where too much waits already, the work is left undone.
func (w *Worker) Do(name string, work func(context.Context)) {
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if last, known := w.last[name]; known && now.Sub(last) < w.again {
		return
	}
	select {
	case w.work <- work:
	default:
		return
	}
	if len(w.last) >= mostNames {
		clear(w.last)
	}
	w.last[name] = now
}
