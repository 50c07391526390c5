package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/adrg/xdg"
	"github.com/cenkalti/backoff/v5"
	"github.com/spf13/cobra"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"expense-tracker/adapters/memory"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/sqlite"
	"expense-tracker/config"
	"expense-tracker/core/account"
	"expense-tracker/core/budget"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/rate"
	"expense-tracker/core/schedule"
	"expense-tracker/core/token"
)

// memoryStorage is the URL of the storage that keeps nothing.
const memoryStorage = "memory:"

// storage is an opened storage: it has every module's store, and what an operator needs.
type storage interface {
	Accounts() account.Store
	Expenses() expense.Store
	ExpenseCounter() expense.Counter
	ExpenseAuditor() expense.Auditor
	Budgets() budget.Store
	Ledgers() ledger.Store
	Members() member.Storage
	Rates() rate.Store
	Schedules() schedule.Store
	Tokens() token.Store
	Ready(ctx context.Context) error
	Close() error
}

// batchObserver is told how adds share commits.
type batchObserver interface {
	QueueChanged(change int)
	GaveUp(add context.Context, since time.Time)
	Begin(ctx context.Context) context.Context
	Waited(batch, add context.Context, since time.Time)
	Commit(batch context.Context, entries int)
	End(batch context.Context, failed int)
}

// watchers are who a storage tells how it is doing; each may be nil.
type watchers struct {
	meters  metric.MeterProvider
	traces  trace.TracerProvider
	batches batchObserver
	logger  *slog.Logger
}

// scheme is a kind of storage, chosen by how its URL begins.
type scheme struct {
	prefix  string
	open    func(ctx context.Context, settings config.Config, w watchers) (storage, error)
	migrate func(ctx context.Context, settings config.Config) error
	there   func(ctx context.Context, settings config.Config) error // says what opening would make; nil where it makes nothing
	copies  copies

	hasOwner bool // its tables may belong to another role than the one that serves
}

// schemes lists every storage that the program knows: a new one is a line here and a folder under adapters.
func schemes() []scheme {
	return []scheme{
		{prefix: memoryStorage, open: openMemory, migrate: func(context.Context, config.Config) error { return nil }, copies: copiedByNothing()},
		{
			prefix: "sqlite:", open: openSQLite,
			migrate: func(ctx context.Context, settings config.Config) error {
				return sqlite.Migrate(ctx, sqlitePath(string(settings.Storage)))
			},
			there: func(_ context.Context, settings config.Config) error {
				return sqlite.IsThere(sqlitePath(string(settings.Storage)))
			},
			copies: copiedAsFiles(),
		},
		postgresAs("postgres://"), postgresAs("postgresql://"),
	}
}

// postgresAs is PostgreSQL by one of the two ways in which its URL may begin.
func postgresAs(prefix string) scheme {
	return scheme{
		prefix: prefix, open: openPostgres, migrate: migratePostgres, there: postgresIsThere, copies: copiedByPostgres(), hasOwner: true,
	}
}

func schemeOf(url config.StorageURL) (scheme, error) {
	for _, s := range schemes() {
		if strings.HasPrefix(string(url), s.prefix) {
			return s, nil
		}
	}
	return scheme{}, errors.New("must be memory:, sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE")
}

func openMemory(context.Context, config.Config, watchers) (storage, error) {
	return memory.New(), nil
}

func openSQLite(ctx context.Context, settings config.Config, w watchers) (storage, error) {
	return sqlite.Open(ctx, sqlitePath(string(settings.Storage)), sqlite.Options{
		OperationTimeout: settings.Database.OperationTimeout, MaxQueue: settings.Database.Queue,
		Observer: w.batches, Meters: w.meters, Traces: w.traces, Logger: w.logger,
	})
}

func sqlitePath(url string) string { return strings.TrimPrefix(url, "sqlite:") }

// defaultStorage is where expenses are kept when nothing is said: memory in the demo, else a file in the user's data folder.
func defaultStorage(demo bool) (config.StorageURL, error) {
	if demo {
		return memoryStorage, nil
	}
	path, err := xdg.DataFile(filepath.Join("expense-tracker", "expense-tracker.db"))
	if err != nil {
		return "", fmt.Errorf("no folder for the user's data: %w; name a file with --storage sqlite:PATH", err)
	}
	return config.StorageURL("sqlite:" + path), nil
}

// retry runs open until it succeeds, fails for a reason that time does not mend, or has failed for the whole timeout.
func retry[T any](ctx context.Context, timeout time.Duration, logger *slog.Logger, open func() (T, error)) (T, error) {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval = 250 * time.Millisecond
	waits.MaxInterval = 5 * time.Second
	tries := []backoff.RetryOption{
		backoff.WithBackOff(until{waits, time.Now().Add(timeout)}), backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(func(err error, wait time.Duration) {
			logger.WarnContext(ctx, "the storage cannot be reached; trying again", "wait", wait.Round(time.Millisecond), "error", err)
		}),
	}
	if timeout == 0 {
		tries = append(tries, backoff.WithMaxTries(1))
	}
	opened, err := backoff.Retry(ctx, func() (T, error) {
		opened, err := open()
		if err != nil && !errors.Is(err, fault.Unavailable) {
			return opened, backoff.Permanent(err)
		}
		return opened, err
	}, tries...)
	if errors.Is(err, fault.Unavailable) {
		return opened, fmt.Errorf("the storage could not be reached for %s: %w", timeout, err)
	}
	return opened, err
}

// until ends waits at a moment, with a last try then. The library gives up before it, where the next wait would be too long.
type until struct {
	backoff.BackOff
	end time.Time
}

// NextBackOff implements backoff.BackOff.
func (u until) NextBackOff() time.Duration {
	left := time.Until(u.end)
	if left <= 0 {
		return backoff.Stop
	}
	return min(u.BackOff.NextBackOff(), left)
}

// openStorage opens the configured storage, waiting for it as long as the configuration says.
func openStorage(ctx context.Context, settings config.Config, logger *slog.Logger, w watchers) (storage, error) {
	s, err := schemeOf(settings.Storage)
	if err != nil {
		return nil, err
	}
	return retry(ctx, settings.Database.ConnectTimeout, logger, func() (storage, error) {
		return s.open(ctx, settings, w)
	})
}

// withStorage runs a command that works on the configured storage, which it opens and closes.
func withStorage(p process, command *cobra.Command, work func(ctx context.Context, settings config.Config, store storage) error) error {
	settings, logger, err := loadLogged(p, command)
	if err != nil {
		return err
	}
	return withOpened(command, settings, logger, work)
}

// withStorageThatIsThere is withStorage for a command that looks at what is stored, and has nothing to say of a storage that it made.
func withStorageThatIsThere(p process, command *cobra.Command, work func(context.Context, config.Config, storage) error) error {
	settings, logger, err := loadLogged(p, command)
	if err != nil {
		return err
	}
	s, err := schemeOf(settings.Storage)
	if err != nil {
		return err
	}
	if s.there != nil {
		_, err := retry(command.Context(), settings.Database.ConnectTimeout, logger, func() (struct{}, error) {
			return struct{}{}, s.there(command.Context(), settings)
		})
		if errors.Is(err, sqlite.ErrNoData) || errors.Is(err, postgres.ErrEmpty) {
			return fmt.Errorf("%w; name the storage with --storage, or start the program once to make it", err)
		}
		if err != nil {
			return err
		}
	}
	return withOpened(command, settings, logger, work)
}

func withOpened(
	command *cobra.Command, settings config.Config, logger *slog.Logger, work func(context.Context, config.Config, storage) error,
) error {
	store, err := openStorage(command.Context(), settings, logger, watchers{logger: logger})
	if err != nil {
		return err
	}
	return errors.Join(work(command.Context(), settings, store), store.Close())
}
