package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newMigrate(p process) *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the storage's schema up to what this version needs, and exit",
		Long:  "Bring the storage's schema up to what this version needs, and exit. serve does the same at its start; several may do it at once.",
		Args:  nothingElse,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, logger, err := loadLogged(p, command)
			if err != nil {
				return err
			}
			s, err := schemeOf(settings.Storage)
			if err != nil {
				return err
			}
			_, err = retry(command.Context(), settings.Database.ConnectTimeout, logger, func() (struct{}, error) {
				return struct{}{}, s.migrate(command.Context(), settings)
			})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.stdout, "%s is up to date\n", settings.Storage.Masked())
			return err
		},
	}
}
