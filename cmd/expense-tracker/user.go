package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"expense-tracker/adapters/argon2id"
	"expense-tracker/config"
	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// newUser returns the commands for the operator of accounts. They ask the storage, whether the program runs or not.
func newUser(p process) *cobra.Command {
	user := &cobra.Command{
		Use:   "user",
		Short: "Add, list and change the accounts of people",
		Args:  nothingElse,
		RunE:  func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	user.AddCommand(newUserAdd(p), newUserList(p), newUserReset(p), newUserPromote(p), newUserDelete(p), newUserLink(p),
		newUserChange(p, "disable NAME", "Keep a user out, and end the sessions and tokens", "may not come in any more",
			(*account.Operator).Disable),
		newUserChange(p, "enable NAME", "Let a user in again who was kept out", "may come in", (*account.Operator).Enable))
	return user
}

// withOperator runs a command that works on the accounts of the configured storage, which has to be there: a slip in its name makes none.
func withOperator(p process, command *cobra.Command, work func(ctx context.Context, o *account.Operator) error) error {
	return withStorageThatIsThere(p, command, func(ctx context.Context, settings config.Config, store storage) error {
		return operate(ctx, settings, store, work)
	})
}

// operate runs work on the accounts of a storage.
func operate(
	ctx context.Context, settings config.Config, store storage, work func(ctx context.Context, o *account.Operator) error,
) error {
	if settings.Storage == memoryStorage {
		return errors.New("memory: keeps no account that a command could change")
	}
	own := accountSettings(settings)
	own.Leave = operatorMembers(store).LeaveAll
	own.Shut = func(ctx context.Context, user ledger.UserID) error { return endTokens(ctx, store, user) }
	err := work(ctx, account.NewOperator(store.Accounts(), argon2id.New(argon2id.Options{Random: own.Random}), own))
	if errors.Is(err, fault.NotFound) {
		return fmt.Errorf("%w; the command “user list” shows who there is", err)
	}
	return err
}

// say prints a sentence about what a command has done.
func (p process) say(format string, args ...any) error {
	_, err := fmt.Fprintf(p.stdout, format+"\n", args...)
	return err
}

func newUserAdd(p process) *cobra.Command {
	var admin, typed bool
	var email string
	command := &cobra.Command{
		Use:   "add NAME",
		Short: "Make an account; its password is made up and shown once",
		Long: "Make an account. Its password is made up and shown once; with --password-stdin it is the first line of the standard input.\n" +
			"The first account is an administrator's, and what was stored before belongs to it.",
		Args: exactly(1),
	}
	command.Flags().BoolVar(&admin, "admin", false, "an administrator's")
	command.Flags().StringVar(&email, "email", "", "no password: the identity provider knows the person by this address")
	command.Flags().BoolVar(&typed, "password-stdin", false, "read the password from the standard input")
	command.MarkFlagsMutuallyExclusive("email", "password-stdin")
	command.RunE = func(command *cobra.Command, args []string) error {
		return withStorage(p, command, func(ctx context.Context, settings config.Config, store storage) error {
			return operate(ctx, settings, store, func(ctx context.Context, o *account.Operator) error {
				if email != "" {
					made, err := o.AddExpected(ctx, args[0], email, admin)
					if err != nil {
						return explained("not added", err)
					}
					return p.say("added %s%s, who comes in by a log-in with the address %s", made.Name, asRole(made), email)
				}
				password, said, err := choosePassword(command, o, typed)
				if err != nil {
					return err
				}
				made, err := o.Add(ctx, account.Draft{Name: args[0], Password: password}, admin)
				if err != nil {
					return explained("not added", err)
				}
				return p.say("added %s%s%s", made.Name, asRole(made), said)
			})
		})
	}
	return command
}

func newUserReset(p process) *cobra.Command {
	var typed, factorToo bool
	command := &cobra.Command{
		Use:   "reset-password NAME",
		Short: "Give a user another password, and end the sessions; it is made up and shown once",
		Long: "Give a user another password, and end the sessions. It is made up and shown once; with --password-stdin it is the first line\n" +
			"of the standard input. A second step of the log-in stays, unless --without-second-step turns it off for who has lost that, too.",
		Args: exactly(1),
	}
	command.Flags().BoolVar(&typed, "password-stdin", false, "read the password from the standard input")
	command.Flags().BoolVar(&factorToo, "without-second-step", false, "turn the second step of the log-in off")
	command.RunE = func(command *cobra.Command, args []string) error {
		return withOperator(p, command, func(ctx context.Context, o *account.Operator) error {
			password, said, err := choosePassword(command, o, typed)
			if err != nil {
				return err
			}
			reset, without := o.ResetPassword, ""
			if factorToo {
				reset, without = o.ResetAll, ", no second step"
			}
			changed, err := reset(ctx, args[0], password)
			if err != nil {
				return explained("not reset", err)
			}
			return p.say("%s has another password%s, and is signed out everywhere%s", changed.Name, without, said)
		})
	}
	return command
}

// choosePassword returns the password that is typed, or one that is made up and how to say it.
func choosePassword(command *cobra.Command, o *account.Operator, typed bool) (password, said string, err error) {
	if !typed {
		password = o.NewPassword()
		return password, "; the password is " + password, nil
	}
	const longest = 64 << 10 // more than a password has in any encoding: none is cut
	line, err := bufio.NewReader(io.LimitReader(command.InOrStdin(), longest)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", "", fmt.Errorf("the password cannot be read: %w", err)
	}
	if len(line) == longest {
		return "", "", errors.New("the password is too long")
	}
	return strings.TrimRight(line, "\r\n"), "", nil
}

func newUserPromote(p process) *cobra.Command {
	var demote bool
	command := &cobra.Command{
		Use: "promote NAME", Short: "Make a user an administrator, or with --undo none any more", Args: exactly(1),
		SuggestFor: []string{"demote"},
	}
	command.Flags().BoolVar(&demote, "undo", false, "an administrator no more")
	command.RunE = func(command *cobra.Command, args []string) error {
		return withOperator(p, command, func(ctx context.Context, o *account.Operator) error {
			changed, err := o.Promote(ctx, args[0], !demote)
			if err != nil {
				return explained("not changed", err)
			}
			if changed.Admin {
				return p.say("%s is an administrator", changed.Name)
			}
			return p.say("%s is no administrator", changed.Name)
		})
	}
	return command
}

// newUserChange returns a command that changes one user in one way.
func newUserChange(
	p process, use, short, said string, change func(*account.Operator, context.Context, string) (account.User, error),
) *cobra.Command {
	command := &cobra.Command{Use: use, Short: short, Args: exactly(1)}
	command.RunE = func(command *cobra.Command, args []string) error {
		return withOperator(p, command, func(ctx context.Context, o *account.Operator) error {
			changed, err := change(o, ctx, args[0])
			if err != nil {
				return explained("not changed", err)
			}
			return p.say("%s %s", changed.Name, said)
		})
	}
	return command
}

func newUserList(p process) *cobra.Command {
	command := &cobra.Command{Use: "list", Short: "List all accounts, with their numbers", Args: nothingElse}
	command.RunE = func(command *cobra.Command, _ []string) error {
		return withOperator(p, command, func(ctx context.Context, o *account.Operator) error {
			all, err := o.List(ctx)
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
			for _, u := range all {
				state := ""
				if u.Disabled {
					state = "\tdisabled"
				}
				if _, err := fmt.Fprintf(table, "%d\t%s\t%s\t%s%s\n", u.ID, u.Created.Format("2006-01-02"), u.Name,
					strings.TrimPrefix(asRole(u), ", "), state); err != nil {
					return err
				}
			}
			return table.Flush()
		})
	}
	return command
}

// asRole says of an administrator that it is one.
func asRole(u account.User) string {
	if u.Admin {
		return ", an administrator"
	}
	return ""
}
