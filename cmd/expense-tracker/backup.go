package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/relocated"
	"expense-tracker/adapters/sqlite"
)

// copies is how a kind of storage is backed up and restored, which return what is said of the success, and how all of it moves elsewhere.
type copies struct {
	backup  func(ctx context.Context, url, file string, replace bool) (string, error)
	restore func(ctx context.Context, url, file string, replace bool) (string, error)
	leave   func(ctx context.Context, of whereabouts, inUse bool) (relocated.Source, error)
	arrive  func(ctx context.Context, at whereabouts) (relocated.Target, error)
}

func copiedAsFiles() copies {
	return copies{
		backup: func(ctx context.Context, url, file string, replace bool) (string, error) {
			expenses, err := sqlite.Backup(ctx, sqlitePath(url), file, sqlite.BackupOptions{Replace: replace})
			if errors.Is(err, sqlite.ErrExists) {
				err = fmt.Errorf("%w; add --replace to overwrite it", err)
			}
			return fmt.Sprintf("%s holds %s, and is whole", file, counted(expenses, "expense")), err
		},
		restore: func(ctx context.Context, url, file string, replace bool) (string, error) {
			done, err := sqlite.Restore(ctx, sqlitePath(url), file, sqlite.RestoreOptions{Replace: replace, Now: time.Now()})
			if errors.Is(err, sqlite.ErrHoldsExpenses) || errors.Is(err, sqlite.ErrUnreadable) {
				err = fmt.Errorf("%w; add --replace to do so", err)
			}
			said := fmt.Sprintf("%s holds %s", url, counted(done.Expenses, "expense"))
			if done.Kept != "" {
				said += "; what was there is kept as " + done.Kept
			}
			return said, err
		},
		leave: func(ctx context.Context, of whereabouts, inUse bool) (relocated.Source, error) {
			return sqlite.Leave(ctx, sqlitePath(of.url()), sqlite.LeaveOptions{InUse: inUse})
		},
		arrive: func(ctx context.Context, at whereabouts) (relocated.Target, error) {
			return sqlite.Arrive(ctx, sqlitePath(at.url()))
		},
	}
}

func copiedByPostgres() copies {
	return copies{
		backup: func(context.Context, string, string, bool) (string, error) {
			return "", errors.New("PostgreSQL is backed up with its own tools: pg_dump --format=custom --file=FILE DATABASE")
		},
		restore: func(context.Context, string, string, bool) (string, error) {
			return "", errors.New("PostgreSQL is restored with its own tools, while the program is stopped: " +
				"pg_restore --clean --if-exists --no-privileges --single-transaction --dbname=DATABASE FILE")
		},
		leave: func(ctx context.Context, of whereabouts, inUse bool) (relocated.Source, error) {
			return postgres.Leave(ctx, of.url(), postgres.LeaveOptions{Owner: ownerOf(of.settings), InUse: inUse})
		},
		arrive: func(ctx context.Context, at whereabouts) (relocated.Target, error) {
			return postgres.Arrive(ctx, at.url(), ownerOf(at.settings))
		},
	}
}

func copiedByNothing() copies {
	none := func(context.Context, string, string, bool) (string, error) {
		return "", errors.New("memory: keeps nothing that could be backed up or restored")
	}
	nowhere := errors.New("memory: is gone with the process: there is nothing to copy from it, and nothing would be left of a copy")
	return copies{
		backup: none, restore: none,
		leave:  func(context.Context, whereabouts, bool) (relocated.Source, error) { return nil, nowhere },
		arrive: func(context.Context, whereabouts) (relocated.Target, error) { return nil, nowhere },
	}
}

func newBackup(p process) *cobra.Command {
	return newCopying(p, "backup FILE", "Write all that an SQLite file holds to FILE, and check it",
		"Write one moment of an SQLite data file to FILE, and check it before it gets its name. The program may run meanwhile.",
		"overwrite FILE if it is there", func(c copies) func(context.Context, string, string, bool) (string, error) { return c.backup })
}

// oneFile demands that FILE is named, and nothing else.
func oneFile(command *cobra.Command, args []string) error {
	if len(args) != 1 || args[0] == "" {
		return fmt.Errorf("name one file: expense-tracker %s", command.Use)
	}
	return nil
}

// newCopying returns a command that backs up or restores.
func newCopying(
	p process, use, short, long, replaceUsage string, chosen func(copies) func(context.Context, string, string, bool) (string, error),
) *cobra.Command {
	var replace bool
	command := &cobra.Command{Use: use, Short: short, Long: long, Args: oneFile}
	command.Flags().BoolVar(&replace, "replace", false, replaceUsage)
	command.RunE = func(command *cobra.Command, args []string) error {
		settings, _, err := loadConfig(p, command)
		if err != nil {
			return err
		}
		s, err := schemeOf(settings.Storage)
		if err != nil {
			return err
		}
		said, err := chosen(s.copies)(command.Context(), string(settings.Storage), args[0], replace)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(p.stdout, said)
		return err
	}
	return command
}
