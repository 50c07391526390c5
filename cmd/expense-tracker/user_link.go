package main

import (
	"context"

	"github.com/spf13/cobra"

	"expense-tracker/core/account"
)

// newUserLink returns the command that lets a person come in whose provider knows an address to be theirs.
func newUserLink(p process) *cobra.Command {
	command := &cobra.Command{
		Use:   "link NAME EMAIL",
		Short: "Let a user in whom the identity provider knows by an address",
		Long: "Let a user in whom the identity provider knows by an address, which it must have verified. It counts for the first log-in from\n" +
			"there; after that, the provider's number for the person does.",
		Args: exactly(2),
	}
	command.RunE = func(command *cobra.Command, args []string) error {
		return withOperator(p, command, func(ctx context.Context, o *account.Operator) error {
			changed, err := o.Expect(ctx, args[0], args[1])
			if err != nil {
				return explained("not linked", err)
			}
			return p.say("%s comes in by a log-in with the address %s", changed.Name, args[1])
		})
	}
	return command
}
