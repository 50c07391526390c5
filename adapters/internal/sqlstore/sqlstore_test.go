package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // any database will do: what it answers is tested by the storages' contract

	"expense-tracker/adapters/internal/sqlstore"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

var errTransient, errLasting = errors.New("transient"), errors.New("lasting")

// dialect finds errTransient worth another try.
type dialect struct{}

func (dialect) Rebind(query string) string { return strings.ReplaceAll(query, "$", "?") }

func (dialect) ParsePrice(s string, c money.Currency) (money.Amount, error) {
	return money.FromDecimal(s, c)
}

func (dialect) StoredDigits() string           { return "" }
func (dialect) FormatPrice(a money.Amount) any { return a.Minor() }

func (dialect) Fault(op string, err error) error { return fault.Wrap(fault.Unavailable, op, err) }

func (dialect) Retryable(err error) bool { return errors.Is(err, errTransient) }

// open returns a Store on a database that has ledgers only.
func open(t *testing.T, options sqlstore.Options) *sqlstore.Store {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	db.SetMaxOpenConns(1) // a transaction that is left open blocks what follows
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE ledger (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, mark INTEGER NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	return sqlstore.New(db, db, dialect{}, options)
}

func wantVersion(t *testing.T, store *sqlstore.Store, want int64) {
	t.Helper()
	if state, err := store.State(t.Context(), ledger.Default); err != nil || state.Version != want {
		t.Errorf("version %d, %v, want %d", state.Version, err, want)
	}
}

func TestWriteRunsAgain(t *testing.T) {
	for _, tt := range []struct {
		name        string
		fails       int // attempts that fail
		with        error
		attempts    int
		wantVersion int64
	}{
		{"no failure", 0, nil, 1, 1},
		{"a passing one", 3, errTransient, 4, 1},
		{"one that does not pass", 100, errTransient, 5, 0},
		{"one that is for good", 100, errLasting, 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t, sqlstore.Options{})
			attempts := 0
			err := store.Write(t.Context(), "op", ledger.Default, func(context.Context, *sql.Tx) error {
				if attempts++; attempts <= tt.fails {
					return tt.with
				}
				return nil
			})
			if attempts != tt.attempts || (err == nil) != (tt.wantVersion == 1) || (err != nil && !errors.Is(err, tt.with)) {
				t.Errorf("%d attempts, %v, want %d", attempts, err, tt.attempts)
			}
			wantVersion(t, store, tt.wantVersion)
		})
	}
}

func TestPanicRollsBack(t *testing.T) {
	store := open(t, sqlstore.Options{})
	func() {
		defer func() {
			if p := recover(); p != "oh" {
				t.Errorf("recovered %v", p)
			}
		}()
		err := store.Write(t.Context(), "op", ledger.Default, func(context.Context, *sql.Tx) error { panic("oh") })
		t.Errorf("the panic was swallowed: %v", err)
	}()
	wantVersion(t, store, 0)
}

func TestBounded(t *testing.T) {
	ctx, cancel := open(t, sqlstore.Options{OperationTimeout: time.Hour}).Bounded(t.Context())
	defer cancel()
	if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) > time.Hour {
		t.Errorf("deadline %v, %t", deadline, ok)
	}
	sooner, cancelSooner := context.WithTimeout(t.Context(), time.Minute)
	defer cancelSooner()
	ctx, cancel = open(t, sqlstore.Options{OperationTimeout: time.Hour}).Bounded(sooner)
	defer cancel()
	if deadline, _ := ctx.Deadline(); time.Until(deadline) > time.Minute {
		t.Errorf("deadline %v is later than the caller's", deadline)
	}
	ctx, cancel = open(t, sqlstore.Options{}).Bounded(t.Context())
	defer cancel()
	if deadline, ok := ctx.Deadline(); ok {
		t.Errorf("deadline %v where none was asked for", deadline)
	}
}
