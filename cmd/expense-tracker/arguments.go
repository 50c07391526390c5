package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// nearCommand is how many letters a mistyped command may differ in from the one that is proposed.
const nearCommand = 2

// nothingElse refuses arguments: after a command of commands they are a command that there is not.
func nothingElse(command *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case !command.HasSubCommands():
		return fmt.Errorf("%q is too much: say %s without it", args[0], command.CommandPath())
	}
	command.SuggestionsMinimumDistance = nearCommand
	meant := ""
	if near := command.SuggestionsFor(args[0]); len(near) > 0 {
		meant = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("there is no command %q%s (%s --help lists them)", args[0], meant, command.CommandPath())
}

// exactly demands so many arguments, and says which.
func exactly(n int) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("it has %s; say: %s", counted(len(args), "argument"), command.UseLine())
		}
		return nil
	}
}

// wrongFlag says what a flag takes in place of what it was given, or where the flags are listed.
func wrongFlag(command *cobra.Command, err error) error {
	var wrong *pflag.InvalidValueError
	if !errors.As(err, &wrong) {
		return fmt.Errorf("%w (%s --help lists the flags)", err, command.CommandPath())
	}
	if errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("--%s: %q is too large", wrong.GetFlag().Name, wrong.GetValue())
	}
	wanted := "what it takes"
	switch wrong.GetFlag().Value.Type() {
	case "int":
		wanted = "a whole number"
	case "uint64":
		wanted = "a whole number, zero or more"
	case "bool":
		wanted = "true or false"
	}
	return fmt.Errorf("--%s: %q is not %s", wrong.GetFlag().Name, wrong.GetValue(), wanted)
}

// counted is a number of things that have a plural in s.
func counted[N int | int64](n N, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
