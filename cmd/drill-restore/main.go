// Command drill-restore loses the database's volume under load and restores it, from base backup and archived log, to a moment, and from
// the daily dump. It compares what was acknowledged with what is stored then, and prints what was lost and how long people waited.
// docs/BACKUPS.md says more.
package main

import (
	"errors"

	"expense-tracker/cmd/internal/tool"

	"github.com/spf13/cobra"
)

func main() { tool.Main(newCommand()) }

// errBroken is the verdict of a drill in which a promise was not kept.
var errBroken = errors.New("promises were not kept")

func newCommand() *cobra.Command {
	var o options
	command := tool.New("drill-restore",
		"Lose the database's volume under load, restore it, and compare what was acknowledged with what is stored",
		func(command *cobra.Command) error {
			if err := o.complete(); err != nil {
				return err
			}
			return drill(command.Context(), o, command.OutOrStdout(), command.ErrOrStderr())
		})
	o.bind(command.Flags())
	return command
}
