package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"expense-tracker/config"
	"expense-tracker/core/money"
	"expense-tracker/observability"
)

// process is what a command sees of the process that it runs in.
type process struct {
	stdout, stderr io.Writer
	environ        []string
}

// errSilent ends the program with exit code 1 after a command has said why itself.
var errSilent = errors.New("failed")

// errInterrupted is the error of a command that a signal ended before its end.
var errInterrupted = errors.New("interrupted")

// newCommand returns the whole command line. Without a subcommand it serves.
func newCommand(p process) *cobra.Command {
	serve := newServe(p)
	root := &cobra.Command{
		Use:           "expense-tracker",
		Short:         "Know where the money goes: an expense tracker in one program",
		Version:       buildVersion(),
		Args:          nothingElse,
		RunE:          serve.RunE,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetFlagErrorFunc(wrongFlag)
	root.PersistentFlags().String("config", "", "YAML file with settings; see config/config.example.yaml")
	config.BindFlags(root.PersistentFlags())
	root.AddCommand(serve, newMigrate(p), newHealthcheck(p), newShowConfig(p), newGenerate(p), newVerify(p), newBackup(p), newRestore(p),
		newBackups(p), newCopy(p), newUser(p), newProbe(p))
	return root
}

// loadConfig reads the configuration that a command was started with, or lists everything that is wrong with it.
func loadConfig(p process, command *cobra.Command, checks ...config.Check) (config.Config, config.Sources, error) {
	settings, sources, err := readConfig(p, command, checks...)
	if err != nil {
		return config.Config{}, nil, err
	}
	if settings.Storage == "" {
		if settings.Storage, err = defaultStorage(settings.Demo); err != nil {
			return config.Config{}, nil, err
		}
	}
	return settings, sources, nil
}

// readConfig is loadConfig for a command that may need no storage but those that it was told: if none is set, none is looked for.
func readConfig(p process, command *cobra.Command, checks ...config.Check) (config.Config, config.Sources, error) {
	file, err := command.Flags().GetString("config")
	if err != nil {
		return config.Config{}, nil, err
	}
	return config.Load(command.Context(), config.LoadOptions{
		File: file, Environ: p.environ, Flags: command.Flags(),
		Checks: append(checks, config.Check{Keys: []string{"ledger.currency"}, Valid: isCurrency}),
	})
}

// loadLogged is loadConfig for a command that logs.
func loadLogged(p process, command *cobra.Command) (config.Config, *slog.Logger, error) {
	settings, _, err := loadConfig(p, command)
	if err != nil {
		return config.Config{}, nil, err
	}
	logger, err := observability.NewLogger(p.stderr, settings.Log.Level, settings.Log.Format)
	return settings, logger, err
}

// isCurrency asks the list of currencies only where it has the last word. A storage that keeps its content may know others.
func isCurrency(settings config.Config) error {
	if !settings.Demo && settings.Storage != memoryStorage {
		return nil
	}
	if _, err := money.ParseCurrency(settings.Ledger.Currency); err != nil {
		return fmt.Errorf("expected an ISO 4217 currency code such as USD")
	}
	return nil
}
