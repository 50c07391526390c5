package main

import "github.com/spf13/cobra"

func newShowConfig(p process) *cobra.Command {
	return &cobra.Command{
		Use:        "config",
		Short:      "Print the settings in effect and where each comes from, passwords masked",
		SuggestFor: []string{"show", "settings"},
		Args:       nothingElse,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, sources, err := loadConfig(p, command)
			if err != nil {
				return err
			}
			return settings.WriteYAML(p.stdout, sources)
		},
	}
}
