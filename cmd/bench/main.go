// Command bench measures the program beside the limits of the machine that it runs on, in turns, so that every figure has something
// to be compared with. It starts all that it needs, a PostgreSQL server included, and leaves nothing behind.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"expense-tracker/cmd/bench/internal/limit"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := newCommand().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	var o options
	root := &cobra.Command{
		Use:           "bench",
		Short:         "Measure the program beside the limits of this machine",
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := o.complete(command.Flags()); err != nil {
				return err
			}
			self, err := os.Executable()
			if err != nil {
				return err
			}
			return bench(command.Context(), self, o, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	o.bind(root.Flags())
	root.AddCommand(newStatic())
	return root
}

// staticCommand is how the benchmark calls itself for the static page.
const staticCommand = "static"

func newStatic() *cobra.Command {
	return &cobra.Command{
		Use:    staticCommand + " FILE",
		Short:  "Serve a file as the answer to everything until the input ends",
		Args:   cobra.ExactArgs(1),
		Hidden: true,
		RunE: func(command *cobra.Command, args []string) error {
			return limit.ServeStatic(command.Context(), args[0], command.InOrStdin(), command.OutOrStdout())
		},
	}
}
