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
	"time"

	"go.opentelemetry.io/otel/metric"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlstore"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// What Options say if they say nothing.
const (
	defaultTimeout  = 10 * time.Second
	defaultMaxQueue = 4096
	maxBatch        = 512 // adds in one commit: more would make the first of them wait without saving anything
)

// system is the database's name in metrics.
const system = "sqlite"

// Options of a Store; the zero value is usable.
type Options struct {
	OperationTimeout time.Duration        // of each call but Audit, the wait for another process's lock included; 0 for 10 s
	MaxQueue         int                  // adds that wait for a commit; one more is Unavailable; 0 for 4096
	Observer         groupcommit.Observer // is told how adds are batched; nil for none
	Meters           metric.MeterProvider // gets the pools' and the queries' metrics; nil for none
}

// Store is an expense.Store on an SQLite file.
type Store struct {
	*sqlstore.Store
	writer, reader *sql.DB
	adder          *groupcommit.Adder
}

var _ expense.Store = (*Store)(nil)

// Open opens the file, which it creates if there is none, with its folder, and brings its schema up to this program's. Other
// processes may do the same at the same time. It returns ErrNewerSchema for the file of a newer program, and an Unavailable
// fault if the file is locked for longer than the timeout.
func Open(ctx context.Context, path string, options Options) (*Store, error) {
	options.OperationTimeout = cmp.Or(options.OperationTimeout, defaultTimeout)
	f, err := locate(path)
	if err != nil {
		return nil, err
	}
	if err := f.create(); err != nil {
		return nil, err
	}
	s := &Store{
		writer: sqlstore.OpenMeasured(f.connector(writing, options.OperationTimeout), system, "writer", options.Meters),
		reader: sqlstore.OpenMeasured(f.connector(reading, options.OperationTimeout), system, "reader", options.Meters),
	}
	limit(s.writer, 1)
	limit(s.reader, readers)
	s.Store = sqlstore.New(s.writer, s.reader, dialect{}, sqlstore.Options{OperationTimeout: options.OperationTimeout})
	s.adder = groupcommit.New(s.AddAll, groupcommit.Options{
		MaxBatch: maxBatch, MaxQueue: cmp.Or(options.MaxQueue, defaultMaxQueue),
		Timeout: options.OperationTimeout, Observer: options.Observer,
	})
	if err := s.makeReady(ctx, f, options.OperationTimeout); err != nil {
		return nil, errors.Join(f.fault(err), s.Close())
	}
	return s, nil
}

func (s *Store) makeReady(ctx context.Context, f file, timeout time.Duration) error {
	if err := migrate(ctx, f, timeout); err != nil {
		return err
	}
	if err := s.LoadCurrencies(ctx); err != nil {
		return err
	}
	return s.Ready(ctx)
}

// limit bounds a pool and lets it keep what it has opened for a while: opening is what costs.
func limit(db *sql.DB, connections int) {
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
}

// Ready reports whether the file answers.
func (s *Store) Ready(ctx context.Context) error {
	ctx, cancel := s.Bounded(ctx)
	defer cancel()
	var found int
	err := s.reader.QueryRowContext(ctx, `SELECT count(*) FROM ledger WHERE id = 0`).Scan(&found)
	return dialect{}.Fault("sqlite.Ready", err)
}

// Add implements expense.EntryStore. It shares its commit with adds that wait at the same time.
func (s *Store) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	return s.adder.Add(ctx, in, entry)
}

// Close stores what waits to be added, refuses more, and closes the file.
func (s *Store) Close() error {
	s.adder.Close()
	if err := errors.Join(s.reader.Close(), s.writer.Close()); err != nil {
		return fmt.Errorf("sqlite: close: %w", err)
	}
	return nil
}
