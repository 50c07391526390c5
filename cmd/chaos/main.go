// Command chaos runs the program under load while processes are killed and frozen, connections cut, disks filled and files taken away,
// and then compares what was acknowledged with what is stored. docs/CHAOS.md says more.
package main

import (
	"errors"

	"expense-tracker/cmd/internal/tool"

	"github.com/spf13/cobra"
)

func main() { tool.Main(newCommand()) }

// Verdicts of a trial in which a promise was not kept, and of one that was not brought to its end.
var (
	errBreached  = errors.New("promises were not kept")
	errBrokenOff = errors.New("broken off")
)

func newCommand() *cobra.Command {
	var o options
	command := tool.New("chaos", "Try the program with faults, and compare what it acknowledged with what it stored",
		func(command *cobra.Command) error {
			if err := o.complete(command.Flags()); err != nil {
				return err
			}
			return chaos(command.Context(), o, command.OutOrStdout(), command.ErrOrStderr())
		})
	o.bind(command.Flags())
	command.AddCommand(newFailover())
	return command
}
