package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"expense-tracker/config"
	"expense-tracker/core/account"
	"expense-tracker/core/member"
)

// operatorMembers returns the members of a storage for an operator, who invites nobody.
func operatorMembers(store storage) *member.Service {
	return member.NewService(store.Members(), member.Settings{Now: time.Now, NewKey: newKey})
}

func newUserDelete(p process) *cobra.Command {
	var withLedgers bool
	command := &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a user's account for good",
		Long: "Delete a user's account for good, and end the sessions. What the user has added to ledgers that others share stays,\n" +
			"as of someone who left. Ledgers that are the user's alone are deleted too, which --with-ledgers has to say.",
		Args: exactly(1),
	}
	command.Flags().BoolVar(&withLedgers, "with-ledgers", false, "delete the ledgers that are the user's alone, too")
	command.RunE = func(command *cobra.Command, args []string) error {
		return withStorageThatIsThere(p, command, func(ctx context.Context, settings config.Config, store storage) error {
			return operate(ctx, settings, store, func(ctx context.Context, o *account.Operator) error {
				found, err := o.Find(ctx, args[0])
				if err != nil {
					return explained("not deleted", err)
				}
				f, err := operatorMembers(store).Farewell(ctx, found.ID)
				switch {
				case err != nil:
					return err
				case len(f.Stuck) > 0:
					return fmt.Errorf("not deleted: %s is the last owner of %s, which others share: make somebody else an owner first",
						found.Name, names(f.Stuck))
				case len(f.Erased) > 0 && !withLedgers:
					return fmt.Errorf("not deleted: %s would be deleted with all that is in it; if it shall, say --with-ledgers", names(f.Erased))
				}
				if _, err := o.Remove(ctx, args[0]); err != nil {
					return explained("not deleted", err)
				}
				return p.say("%s is deleted", found.Name)
			})
		})
	}
	return command
}

// names lists ledgers.
func names(all []member.Membership) string {
	quoted := make([]string, len(all))
	for i, m := range all {
		quoted[i] = "“" + m.Ledger.Name + "”"
	}
	return strings.Join(quoted, ", ")
}
