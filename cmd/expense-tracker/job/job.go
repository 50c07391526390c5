// Package job runs what the program does beside its answers.
package job

import (
	"context"
	"sync"
	"time"
)

// Start runs a job until the function that it returns ends it, and waits for that. The job outlives ctx: requests in flight may still
// need it.
func Start(ctx context.Context, run func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}

// Every looks at once, and then again and again, with a pause, until ctx ends.
func Every(ctx context.Context, pause time.Duration, look func(context.Context)) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
