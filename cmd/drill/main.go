// Command drill provokes every alert for real: it starts the program, PostgreSQL, Prometheus, Alertmanager and Node Exporter with the
// project's own rules, does something bad, and requires the message at a receiver, once it is raised and once it is over. docs/ALERTS.md
// says more.
package main

import (
	"errors"

	"github.com/spf13/cobra"

	"expense-tracker/cmd/internal/tool"
)

func main() { tool.Main(newCommand()) }

var errUntold = errors.New("not everything was told")

func newCommand() *cobra.Command {
	var o options
	command := tool.New("drill", "Provoke every alert for real, and require that somebody is told",
		func(command *cobra.Command) error {
			return drill(command.Context(), o, command.OutOrStdout(), command.ErrOrStderr())
		})
	flags := command.Flags()
	flags.IntVar(&o.scale, "scale", 15, "how much quicker than the rules say: their times are divided by it; scrapes are each second")
	flags.StringSliceVar(&o.only, "only", nil, "only faults of these alerts")
	flags.StringVar(&o.project, "project", ".", "folder of the project")
	flags.StringVar(&o.binary, "binary", "", "the program; without it it is built")
	return command
}
