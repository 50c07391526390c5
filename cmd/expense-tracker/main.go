// Command expense-tracker serves an expense tracker: pages for the people who spend, metrics for the one who operates it. It is
// also the only place where the parts of the program are wired together.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	_ "time/tzdata" // so that time zones are known in an image that has no files of them
)

// Stamped in by the build: go build -ldflags "-X main.version=… -X main.revision=…".
var (
	version  = "dev"
	revision = ""
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	err := newCommand(process{stdout: os.Stdout, stderr: os.Stderr, environ: os.Environ()}).ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil && !errors.Is(err, errInterrupted) && !errors.Is(err, errSilent) {
		err = fmt.Errorf("%w: %w", errInterrupted, err) // which what was broken off says in its own words, if at all
	}
	stop()
	if err == nil {
		return
	}
	if !errors.Is(err, errSilent) {
		fmt.Fprintln(os.Stderr, "expense-tracker:", err)
	}
	os.Exit(1)
}
