// Package sqlite keeps ledgers in one SQLite file on disk: the embedded default. It writes through one connection, in which adds
// that arrive together share a commit, and reads through a few others, which never wait for the writer. A commit is
// answered only after it has reached the disk. Several processes may use the file at once.
package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
	sqlite3 "modernc.org/sqlite/lib"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlaccount"
	"expense-tracker/adapters/internal/sqlbudget"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlledger"
	"expense-tracker/adapters/internal/sqlmember"
	"expense-tracker/adapters/internal/sqlmoney"
	"expense-tracker/adapters/internal/sqlrate"
	"expense-tracker/adapters/internal/sqlschedule"
	"expense-tracker/adapters/internal/sqltoken"
	"expense-tracker/core/account"
	"expense-tracker/core/budget"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/rate"
	"expense-tracker/core/schedule"
	"expense-tracker/core/token"
)

// What Options say if they say nothing.
const (
	defaultTimeout  = 10 * time.Second
	defaultMaxQueue = 4096
)

// system is the database's name in metrics.
const system = "sqlite"

// Options of a DB; the zero value is usable.
type Options struct {
	OperationTimeout time.Duration        // of each call but Audit, the wait for another process's lock included; 0 for 10 s
	MaxQueue         int                  // adds that wait for a commit; one more is Unavailable; 0 for 4096
	Observer         groupcommit.Observer // is told how adds are batched; nil for none
	Meters           metric.MeterProvider // gets the pools' and the queries' metrics and the log's size; nil for none
	Traces           trace.TracerProvider // gets a span of each statement, as sqlkit.Watchers says; nil for none
	Logger           *slog.Logger         // is told when the files are wrong, and when they are right again; nil for none
}

// DB is an open data file, whose stores are asked by module.
type DB struct {
	writer, reader, prober *sql.DB // of one connection, of several, and of one for Ready alone
	runner                 *sqlkit.Runner
	currencies             *sqlmoney.Currencies
	expenses               *expenseStore
	ledgers                *sqlledger.Store
	rates                  *sqlrate.Store
	schedules              *sqlschedule.Store
	budgets                *sqlbudget.Store
	members                *sqlmember.Store
	accounts               *sqlaccount.Store
	tokens                 *sqltoken.Store
	guard                  *guard
	logger                 *slog.Logger
	timeout                time.Duration
	stop                   context.CancelFunc // ends the watch
	watching               sync.WaitGroup
	mending                mending // is the watch's
	log                    logSize
	space                  space
}

// Open opens the file, which it creates if there is none, with its folder, and brings its schema up to this program's. Other
// processes may do the same at the same time. It returns ErrNewerSchema for the file of a newer program, and an Unavailable
// fault if the file is locked for longer than the timeout.
func Open(ctx context.Context, path string, options Options) (*DB, error) {
	options.OperationTimeout = cmp.Or(options.OperationTimeout, defaultTimeout)
	f, err := locate(path)
	if err != nil {
		return nil, err
	}
	if err := f.create(); err != nil {
		return nil, err
	}
	if err := f.permitted(); err != nil {
		return nil, err
	}
	if err := f.checkPair(ctx); err != nil {
		return nil, err
	}
	if err := f.checkBeside(); err != nil {
		return nil, err
	}
	s := &DB{guard: newGuard(f, options.Logger), timeout: options.OperationTimeout}
	s.logger = s.guard.logger
	watched := sqlkit.Watchers{Meters: options.Meters, Traces: options.Traces}
	s.writer = s.pool(f.connector(writing, s.timeout), "writer", 1, watched)
	s.reader = s.pool(f.connector(reading, s.timeout), "reader", readers, watched)
	s.prober = s.pool(f.connector(probing, probeBusy), "prober", 1, watched)
	s.runner = sqlkit.New(s.writer, s.reader, dialect{}, sqlkit.Options{OperationTimeout: s.timeout, LedgerReads: readers - 1})
	s.currencies = sqlmoney.New(s.writer, s.reader, s.runner, dialect{})
	s.ledgers = sqlledger.New(s.runner, s.currencies)
	s.expenses = newExpenseStore(s, options)
	s.rates = sqlrate.New(s.runner)
	s.schedules = sqlschedule.New(s.runner, s.currencies)
	s.budgets = sqlbudget.New(s.runner, s.currencies)
	s.members = sqlmember.New(s.runner, s.ledgers)
	s.accounts = sqlaccount.New(s.runner, s.ledgers, "'now'")
	s.tokens = sqltoken.New(s.runner, s.members.Note)
	watch, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	if err := errors.Join(s.makeReady(ctx), s.measure(options.Meters)); err != nil {
		return nil, errors.Join(f.fault(err), s.Close()) //nolint:contextcheck // a look into the file has a bound of its own
	}
	s.watching.Go(func() { s.watch(watch) })
	return s, nil
}

// pool opens a pool whose connections are watched.
func (s *DB) pool(c connector, name string, connections int, by sqlkit.Watchers) *sql.DB {
	c.guard = s.guard
	db := sqlkit.OpenMeasured(c, system, name, by)
	limit(db, connections)
	return db
}

func (s *DB) makeReady(ctx context.Context) error {
	steps := []func(context.Context) error{
		func(ctx context.Context) error { return migrate(ctx, s.guard.file, s.timeout) },
		func(ctx context.Context) error { return s.guard.hold(ctx, s.timeout) },
		s.currencies.Load,
		s.Ready,
	}
	for _, step := range steps {
		if err := s.insist(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// insist takes a step of the start again while others keep it from the file, for the time of an operation. SQLite refuses some locks
// at once, whatever the time that it may wait: the one that makes a new file keep a log, for one.
func (s *DB) insist(ctx context.Context, step func(context.Context) error) error {
	const pause = 10 * time.Millisecond
	end := time.Now().Add(s.timeout)
	for {
		err := step(ctx)
		hindered := code(err)&0xff == sqlite3.SQLITE_BUSY || errors.Is(err, context.DeadlineExceeded)
		if !hindered || ctx.Err() != nil || time.Now().After(end) {
			return err
		}
		time.Sleep(pause)
	}
}

// limit bounds a pool and lets it keep what it has opened for a while: opening is what costs.
func limit(db *sql.DB, connections int) {
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
}

// Expenses returns the store of module expense.
func (s *DB) Expenses() expense.Store { return s.expenses }

// ExpenseCounter returns what counts the expenses of all ledgers.
func (s *DB) ExpenseCounter() expense.Counter { return s.expenses }

// ExpenseAuditor returns what checks the totals of expenses.
func (s *DB) ExpenseAuditor() expense.Auditor { return s.expenses }

// Accounts returns the store of module account.
func (s *DB) Accounts() account.Store { return s.accounts }

// Tokens returns the store of module token.
func (s *DB) Tokens() token.Store { return s.tokens }

// Budgets returns the store of module budget.
func (s *DB) Budgets() budget.Store { return s.budgets }

// Ledgers returns the store of ledgers.
func (s *DB) Ledgers() ledger.Store { return s.ledgers }

// Members returns the store of module member.
func (s *DB) Members() member.Storage { return s.members }

// Rates returns the store of module rate.
func (s *DB) Rates() rate.Store { return s.rates }

// Schedules returns the store of module schedule.
func (s *DB) Schedules() schedule.Store { return s.schedules }

// Close stores what waits to be added, refuses more, and closes the files.
func (s *DB) Close() error {
	s.expenses.adder.Close()
	s.stop()
	s.watching.Wait()
	if err := errors.Join(s.log.unregister(), s.closeFiles()); err != nil {
		return fmt.Errorf("sqlite: close: %w", err)
	}
	return nil
}
