// Package postgres keeps ledgers in PostgreSQL, or in what speaks its protocol. Any number of instances may share one database: all
// that must hold between them is held by transactions there.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

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

// Options say how a database is used. The zero value of each field stands for what is said with it.
type Options struct {
	MaxConnections   int                  // held open at most, at least 2, beside readiness's one; 10
	OperationTimeout time.Duration        // bound of one call, but for Audit; 5s
	MaxQueue         int                  // adds that may wait for a commit; 1024
	Owner            Owner                // who migrates and raises the wall between ledgers; none for the URL's own role, and no wall
	CheckOnly        bool                 // refuse a schema that needs to be migrated, rather than migrate it
	Meters           metric.MeterProvider // told of connections and query times; nil for nobody
	Traces           trace.TracerProvider // told of each statement, as sqlkit.Watchers says; nil for nobody
	Observer         groupcommit.Observer // told how adds are batched; nil for nobody
}

func (o Options) withDefaults() Options {
	if o.MaxConnections <= 0 {
		o.MaxConnections = 10
	}
	o.MaxConnections = max(2, o.MaxConnections)
	if o.OperationTimeout <= 0 {
		o.OperationTimeout = 5 * time.Second
	}
	if o.MaxQueue <= 0 {
		o.MaxQueue = 1024
	}
	return o
}

func (o Options) watchers() sqlkit.Watchers {
	return sqlkit.Watchers{Meters: o.Meters, Traces: o.Traces}
}

// DB is an open database, whose stores are asked by module.
type DB struct {
	wall      bool // stands between ledgers
	pools     pools
	runner    *sqlkit.Runner
	expenses  *expenseStore
	ledgers   *sqlledger.Store
	rates     *sqlrate.Store
	schedules *sqlschedule.Store
	budgets   *sqlbudget.Store
	members   *sqlmember.Store
	accounts  *sqlaccount.Store
	tokens    *sqltoken.Store
}

// Open connects to the database of a postgres:// URL, which may have libpq's parameters, and migrates it. It tries once. The error is
// Unavailable if the server cannot be reached or is not ready, so that trying again may help; it is of another kind if only the operator
// can help: a malformed URL, a wrong password, an unknown database, ErrNewerSchema, ErrOlderSchema. No error holds the password.
func Open(ctx context.Context, url string, options Options) (*DB, error) {
	options = options.withDefaults()
	config, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	wall, err := prepare(ctx, url, config, options)
	if err != nil {
		return nil, err
	}
	db := &DB{wall: wall, pools: openPools(config, wall, options)}
	db.runner = sqlkit.New(db.pools.main, db.pools.main, dialect{}, sqlkit.Options{
		OperationTimeout: options.OperationTimeout, LedgerReads: db.pools.ledgerReads(), Connections: options.MaxConnections,
	})
	currencies := sqlmoney.New(db.pools.main, db.pools.main, db.runner, dialect{wall})
	db.ledgers = sqlledger.New(db.runner, currencies)
	db.expenses = newExpenseStore(db, currencies, options)
	db.rates = sqlrate.New(db.runner)
	db.schedules = sqlschedule.New(db.runner, currencies)
	db.budgets = sqlbudget.New(db.runner, currencies)
	db.members = sqlmember.New(db.runner, db.ledgers)
	db.accounts = sqlaccount.New(db.runner, db.ledgers, "statement_timestamp()")
	db.accounts.ShareVisits(rowsOfVisits, options.watchers())
	db.tokens = sqltoken.New(db.runner, db.members.Note)
	if err := currencies.Load(ctx); err != nil {
		return nil, errors.Join(openFault("postgres.Open", err), db.Close())
	}
	return db, nil
}

// rowsOfVisits hides from the planner how long the arrays are: it would plan for each length anew, which takes longer than to look them up.
const rowsOfVisits = `unnest((SELECT $1::bytea[]), (SELECT $2::bigint[])) WITH ORDINALITY`

// prepare makes the schema what it has to be, and reports whether the wall between ledgers stands.
func prepare(ctx context.Context, url string, config *pgx.ConnConfig, options Options) (wall bool, err error) {
	how := migrate
	switch {
	case options.CheckOnly:
		how = check
	case options.Owner.URL != "":
		if err := MigrateAs(ctx, options.Owner, url); err != nil {
			return false, err
		}
		how = check
	}
	return wall, withPlainDB(config, func(db *sql.DB) error {
		if err := how(ctx, db); err != nil {
			return err
		}
		wall, err = stands(ctx, db)
		return err
	})
}

// HasWall reports whether the server itself holds each statement to its ledger's rows. It does not where the role owns the tables, or is
// a superuser.
func (db *DB) HasWall() bool { return db.wall }

// Expenses returns the store of module expense.
func (db *DB) Expenses() expense.Store { return db.expenses }

// ExpenseCounter returns what counts the expenses of all ledgers.
func (db *DB) ExpenseCounter() expense.Counter { return db.expenses }

// ExpenseAuditor returns what checks the totals of expenses.
func (db *DB) ExpenseAuditor() expense.Auditor { return db.expenses }

// Accounts returns the store of module account.
func (db *DB) Accounts() account.Store { return db.accounts }

// Tokens returns the store of module token.
func (db *DB) Tokens() token.Store { return db.tokens }

// Budgets returns the store of module budget.
func (db *DB) Budgets() budget.Store { return db.budgets }

// Ledgers returns the store of ledgers.
func (db *DB) Ledgers() ledger.Store { return db.ledgers }

// Members returns the store of module member.
func (db *DB) Members() member.Storage { return db.members }

// Rates returns the store of module rate.
func (db *DB) Rates() rate.Store { return db.rates }

// Schedules returns the store of module schedule.
func (db *DB) Schedules() schedule.Store { return db.schedules }

// Close waits until adds that were taken are stored, and closes all connections.
func (db *DB) Close() error {
	db.expenses.adder.Close()
	if err := db.pools.close(); err != nil {
		return fmt.Errorf("postgres.Close: %w", err)
	}
	return nil
}
