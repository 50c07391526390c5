// Command bench measures the program beside the limits of the machine that it runs on, in turns, so that every figure has something
// to be compared with. It starts all that it needs, a PostgreSQL server included, and leaves nothing behind.
package main

import (
	"os"

	"github.com/spf13/cobra"

	"expense-tracker/cmd/bench/internal/limit"
	"expense-tracker/cmd/internal/tool"
)

func main() { tool.Main(newCommand()) }

func newCommand() *cobra.Command {
	var o options
	root := tool.New("bench", "Measure the program beside the limits of this machine", func(command *cobra.Command) error {
		if err := o.complete(command.Flags()); err != nil {
			return err
		}
		self, err := os.Executable()
		if err != nil {
			return err
		}
		return bench(command.Context(), self, o, command.OutOrStdout(), command.ErrOrStderr())
	})
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
