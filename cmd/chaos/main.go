// Command chaos runs the program under load while processes are killed and frozen, connections cut, disks filled and files taken away,
// and then compares what was acknowledged with what is stored. docs/CHAOS.md says more.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := newCommand().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

// Verdicts of a trial in which a promise was not kept, and of one that was not brought to its end.
var (
	errBreached  = errors.New("promises were not kept")
	errBrokenOff = errors.New("broken off")
)

func newCommand() *cobra.Command {
	var o options
	command := &cobra.Command{
		Use:           "chaos",
		Short:         "Try the program with faults, and compare what it acknowledged with what it stored",
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := o.complete(command.Flags()); err != nil {
				return err
			}
			return chaos(command.Context(), o, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	o.bind(command.Flags())
	return command
}
