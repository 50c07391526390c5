package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"expense-tracker/cmd/expense-tracker/backups"
	"expense-tracker/config"
)

func newBackups(p process) *cobra.Command {
	root := &cobra.Command{
		Use:   "backups",
		Short: "Make a backup every day, restore it into a scratch storage, check it, and keep some for a year",
		Long: "Make a backup now if there is none, and then one a day (backup.every), for as long as it runs. " +
			"Each goes into backup.place by restic, comes out\nagain, is restored into a scratch storage and is checked as verify does; " +
			"only then it counts. See docs/BACKUPS.md.",
		Args: nothingElse,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, _, err := loadConfig(p, command)
			if err != nil {
				return stoppedEarly(command.Context(), err)
			}
			return keepBackups(command.Context(), p, settings)
		},
	}
	root.AddCommand(
		&cobra.Command{
			Use: "now", Short: "Make one backup now, restore and check it; exit 1 if that fails", Args: nothingElse,
			RunE: onJob(p, func(ctx context.Context, job backups.Job, _ []string) error { return backUpNow(ctx, p, job) }),
		},
		&cobra.Command{
			Use: "list", Short: "List the backups, oldest first", Args: nothingElse,
			RunE: onJob(p, func(ctx context.Context, job backups.Job, _ []string) error { return listBackups(ctx, p.stdout, job) }),
		},
		&cobra.Command{
			Use:   "fetch ID FILE",
			Short: "Write the dump or data file of a backup, or of the latest, to FILE, or to standard output for -",
			Args:  exactly(2),
			RunE: onJob(p, func(ctx context.Context, job backups.Job, args []string) error {
				return fetchBackup(ctx, p, job, args[0], args[1])
			}),
		},
		newBackupsRestore(p),
		&cobra.Command{
			Use: "healthcheck", Short: "Ask the command that runs with the same settings whether it lives; exit 0 if it does", Args: nothingElse,
			RunE: func(command *cobra.Command, _ []string) error {
				settings, _, err := loadConfig(p, command)
				if err != nil {
					return err
				}
				return checkHealth(command.Context(), settings.Backup.Listen)
			},
		},
	)
	return root
}

func newBackupsRestore(p process) *cobra.Command {
	var replace bool
	command := &cobra.Command{
		Use:   "restore ID",
		Short: "Make a backup, or the latest, the storage; the program must be stopped",
		Args:  exactly(1),
	}
	command.Flags().BoolVar(&replace, "replace", false, "overwrite a storage that holds expenses")
	command.RunE = onJob(p, func(ctx context.Context, job backups.Job, args []string) error {
		found, said, err := job.Restore(ctx, args[0], replace)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "restored the backup of %s; %s\n", found.Time.UTC().Format(time.RFC3339), said)
		return err
	})
	return command
}

// onJob runs a command on the configured backups.
func onJob(p process, work func(ctx context.Context, job backups.Job, args []string) error) func(*cobra.Command, []string) error {
	return func(command *cobra.Command, args []string) error {
		settings, logger, err := loadLogged(p, command)
		if err != nil {
			return err
		}
		job, err := newBackupJob(p, settings, logger)
		if err != nil {
			return err
		}
		return work(command.Context(), job, args)
	}
}

// errNoPlace is the error of backups that nobody said where to keep.
var errNoPlace = errors.New("say where backups are kept: backup.place (EXPENSE_TRACKER_BACKUP_PLACE), " +
	"a folder or such as s3:https://HOST/BUCKET/FOLDER")

// newBackupJob returns what makes backups as the settings say.
func newBackupJob(p process, settings config.Config, logger *slog.Logger) (backups.Job, error) {
	set := settings.Backup
	if set.Place == "" {
		return backups.Job{}, errNoPlace
	}
	source, err := backupSource(p, settings)
	if err != nil {
		return backups.Job{}, err
	}
	work := set.Work
	if work == "" {
		work = filepath.Join(os.TempDir(), fmt.Sprintf("expense-tracker-backups-%d", os.Geteuid()))
		if err := backups.MakeOwn(work); err != nil {
			return backups.Job{}, fmt.Errorf("%w: name a folder of your own in backup.work", err)
		}
	}
	if work, err = filepath.Abs(work); err != nil {
		return backups.Job{}, err
	}
	job := backups.Job{
		Source: source,
		Repository: backups.Repository{
			Place: set.Place, Key: string(set.Key), S3ID: string(set.S3KeyID), S3Token: string(set.S3Secret), Environ: p.environ,
			Cache: filepath.Join(work, "cache"),
		},
		Work: work, Keep: backups.Keep{Daily: set.KeepDaily, Weekly: set.KeepWeekly, Monthly: set.KeepMonthly},
		Timeout: set.Timeout, Logger: logger, Now: time.Now,
		Check: func(ctx context.Context, url string) (int64, error) { return checkRestored(ctx, settings, logger, url) },
	}
	if set.Stanza != "" {
		database, is := source.(backups.Postgres)
		if !is {
			return backups.Job{}, errors.New("backup.stanza goes with a storage in PostgreSQL")
		}
		job.Base = &backups.Stanza{Name: set.Stanza, Source: database, Environ: p.environ}
	}
	return job, nil
}

func backupSource(p process, settings config.Config) (backups.Source, error) {
	url := servingURL(settings)
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		return backups.SQLite{Path: sqlitePath(url)}, nil
	case url == memoryStorage:
		return nil, errors.New("memory: keeps nothing that could be backed up")
	}
	source := backups.Postgres{URL: url, Environ: p.environ}
	if owner := ownerOf(settings); owner.URL != "" { // who may read every row
		source.URL, source.Password = owner.URL, owner.Password
	}
	return source, nil
}

// checkRestored does what verify does with a storage that a backup was restored into, and counts its expenses.
func checkRestored(ctx context.Context, settings config.Config, logger *slog.Logger, url string) (expenses int64, err error) {
	settings.Storage, settings.StorageOwner = config.StorageURL(url), ""
	settings.Database.OperationTimeout, settings.Database.MaxConnections = 10*time.Minute, 2
	opened, err := openStorage(ctx, settings, logger, watchers{})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	var said strings.Builder
	quiet := process{stdout: &said, stderr: io.Discard}
	err = errors.Join(checkItself(ctx, quiet, opened), verify(ctx, quiet, opened.ExpenseAuditor(), false))
	if errors.Is(err, errSilent) {
		const enough = 2000
		return 0, fmt.Errorf("the restored backup is not right: %.*s", enough, strings.TrimSpace(strings.ReplaceAll(said.String(), "\n", "; ")))
	}
	if err != nil {
		return 0, err
	}
	return opened.ExpenseCounter().CountExpenses(ctx)
}

func backUpNow(ctx context.Context, p process, job backups.Job) error {
	result, err := job.Once(ctx, backups.InAnyCase(job.Now()))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "backup %.8s was restored and checked: %s, %s; backups kept: %d\n",
		result.ID, counted(result.Expenses, "expense"), counted(result.Bytes, "byte"), result.Kept)
	return errors.Join(err, result.Aged, result.Base)
}

func listBackups(ctx context.Context, stdout io.Writer, job backups.Job) error {
	all, err := job.Repository.List(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "ID\ttaken\trestored\texpenses\tbytes") // Flush says whether it failed
	for _, one := range all {
		restored, expenses, bytes := "no", "", ""
		if one.Restored {
			restored, expenses, bytes = "yes", fmt.Sprint(one.Expenses), fmt.Sprint(one.Bytes)
		}
		_, _ = fmt.Fprintf(table, "%.8s\t%s\t%s\t%s\t%s\n", one.ID, one.Time.UTC().Format(time.RFC3339), restored, expenses, bytes)
	}
	return table.Flush()
}

func fetchBackup(ctx context.Context, p process, job backups.Job, id, path string) (err error) {
	if path == "-" {
		_, err = job.Fetch(ctx, id, p.stdout)
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // what the operator names
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: name a file that is not", path)
	}
	if err != nil {
		return err
	}
	found, err := job.Fetch(ctx, id, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	_, err = fmt.Fprintf(p.stdout, "%s is the backup of %s\n", path, found.Time.UTC().Format(time.RFC3339))
	return err
}
