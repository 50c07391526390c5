// Package postgres keeps expenses in PostgreSQL, or in what speaks its protocol. Any number of instances may share one database: all
// that must hold between them is held by transactions there.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/metric"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlstore"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// maxBatch bounds how many adds share a commit, and with it how long a later one waits.
const maxBatch = 1000

// Options say how a database is used. The zero value of each field stands for what is said with it.
type Options struct {
	MaxConnections   int                  // held open at most, at least 2, beside readiness's one; 10
	OperationTimeout time.Duration        // bound of one call, but for Audit; 5s
	MaxQueue         int                  // adds that may wait for a commit; 1024
	CheckOnly        bool                 // refuse a schema that needs to be migrated, rather than migrate it
	Meters           metric.MeterProvider // told of connections and query times; nil for nobody
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

// Store is an expense.Store in PostgreSQL.
type Store struct {
	*sqlstore.Store
	pools       pools
	unhurried   *sqlstore.Store // without time limits, for audits
	adder       *groupcommit.Adder
	connections int // of both pools that calls use
}

var (
	_ ledger.Store    = (*Store)(nil)
	_ expense.Store   = (*Store)(nil)
	_ expense.Counter = (*Store)(nil)
	_ expense.Auditor = (*Store)(nil)
)

// Open connects to the database of a postgres:// URL, which may have libpq's parameters, and migrates it. It tries once. The error is
// Unavailable if the server cannot be reached or is not ready, so that trying again may help; it is of another kind if only the operator can
// help: a malformed URL, a wrong password, an unknown database, ErrNewerSchema, ErrOlderSchema. No error holds the password.
func Open(ctx context.Context, url string, options Options) (*Store, error) {
	options = options.withDefaults()
	config, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	prepare := migrate
	if options.CheckOnly {
		prepare = check
	}
	if err := withPlainDB(config, func(db *sql.DB) error { return prepare(ctx, db) }); err != nil {
		return nil, err
	}
	s := &Store{pools: openPools(config, options), connections: options.MaxConnections}
	s.Store = sqlstore.New(s.pools.main, s.pools.main, dialect{}, sqlstore.Options{
		OperationTimeout: options.OperationTimeout, LedgerReads: s.pools.ledgerReads(),
	})
	s.unhurried = s.On(s.pools.audits, sqlstore.Options{})
	s.adder = groupcommit.New(s.AddAll, groupcommit.Options{
		MaxBatch: maxBatch, MaxQueue: options.MaxQueue, Timeout: options.OperationTimeout, Observer: options.Observer,
	})
	if err := s.LoadCurrencies(ctx); err != nil {
		return nil, errors.Join(openFault("postgres.Open", err), s.Close())
	}
	return s, nil
}

// Close waits until adds that were taken are stored, and closes all connections.
func (s *Store) Close() error {
	s.adder.Close()
	if err := s.pools.close(); err != nil {
		return fmt.Errorf("postgres.Close: %w", err)
	}
	return nil
}

// Audit compares, and repairs, without a time limit: it reads a whole ledger.
func (s *Store) Audit(ctx context.Context, in ledger.ID, repair bool) ([]expense.Discrepancy, error) {
	return s.unhurried.Audit(ctx, in, repair)
}
