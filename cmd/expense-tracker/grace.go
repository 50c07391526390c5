package main

import (
	"context"
	"fmt"
	"time"
)

// grace returns a context that ends a bound after ctx has ended: what a shutdown has time for.
func grace(ctx context.Context, bound time.Duration) (context.Context, context.CancelFunc) {
	graced, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(bound, cancel) })
	return graced, func() {
		stop()
		cancel()
	}
}

// closeInTime closes something within the bound and before ctx ends. A server that does not answer could hold a close for much longer;
// what was acknowledged is safe by then, and the end of the process closes the rest.
func closeInTime(ctx context.Context, bound time.Duration, what string, closing func() error) error {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	closed := make(chan error, 1)
	go func() { closed <- closing() }()
	select {
	case err := <-closed:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%s was not closed in time", what)
	}
}
