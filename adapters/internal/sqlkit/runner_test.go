package sqlkit_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // any database will do: what it answers is tested by the storages' contract

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

var errTransient, errBroken, errLasting = errors.New("transient"), errors.New("broken"), errors.New("lasting")

// dialect finds errTransient worth another try.
type dialect struct{}

func (dialect) Rebind(query string) string { return strings.ReplaceAll(query, "$", "?") }

func (dialect) Month(column string) string { return column }

func (dialect) Micros(column string) string { return column }

func (dialect) Fault(op string, err error) error { return fault.Wrap(fault.Unavailable, op, err) }

func (dialect) Retryable(err error) bool { return errors.Is(err, errTransient) }

func (dialect) ConnectionBroke(err error) bool { return errors.Is(err, errBroken) }

// open returns a Runner on a database that has ledgers and their changes only.
func open(t *testing.T, options sqlkit.Options) *sqlkit.Runner {
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
	if _, err := db.ExecContext(t.Context(),
		`CREATE TABLE ledger (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, mark INTEGER NOT NULL);
CREATE TABLE ledger_change (ledger_id INTEGER, kind TEXT, row_id INTEGER, revision INTEGER, fingerprint BLOB NOT NULL,
	PRIMARY KEY (ledger_id, kind, row_id, revision))`); err != nil {
		t.Fatal(err)
	}
	return sqlkit.New(db, db, dialect{}, options)
}

func wantVersion(t *testing.T, runner *sqlkit.Runner, want int64) {
	t.Helper()
	if state, err := runner.State(t.Context(), "op", ledger.Default); err != nil || state.Version != want {
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
		{"broken connections, and then a whole one", 2, errBroken, 3, 1},
		{"more broken connections than there are", 100, errBroken, 3, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			runner := open(t, sqlkit.Options{Connections: 2})
			attempts := 0
			err := runner.Write(t.Context(), "op", ledger.Default, func(context.Context, *sql.Tx) error {
				if attempts++; attempts <= tt.fails {
					return tt.with
				}
				return nil
			})
			if attempts != tt.attempts || (err == nil) != (tt.wantVersion == 1) || (err != nil && !errors.Is(err, tt.with)) {
				t.Errorf("%d attempts, %v, want %d", attempts, err, tt.attempts)
			}
			wantVersion(t, runner, tt.wantVersion)
		})
	}
}

func TestPanicRollsBack(t *testing.T) {
	runner := open(t, sqlkit.Options{})
	func() {
		defer func() {
			if p := recover(); p != "oh" {
				t.Errorf("recovered %v", p)
			}
		}()
		err := runner.Write(t.Context(), "op", ledger.Default, func(context.Context, *sql.Tx) error { panic("oh") })
		t.Errorf("the panic was swallowed: %v", err)
	}()
	wantVersion(t, runner, 0)
}

func TestBounded(t *testing.T) {
	ctx, cancel := open(t, sqlkit.Options{OperationTimeout: time.Hour}).Bounded(t.Context())
	defer cancel()
	if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) > time.Hour {
		t.Errorf("deadline %v, %t", deadline, ok)
	}
	sooner, cancelSooner := context.WithTimeout(t.Context(), time.Minute)
	defer cancelSooner()
	ctx, cancel = open(t, sqlkit.Options{OperationTimeout: time.Hour}).Bounded(sooner)
	defer cancel()
	if deadline, _ := ctx.Deadline(); time.Until(deadline) > time.Minute {
		t.Errorf("deadline %v is later than the caller's", deadline)
	}
	ctx, cancel = open(t, sqlkit.Options{}).Bounded(t.Context())
	defer cancel()
	if deadline, ok := ctx.Deadline(); ok {
		t.Errorf("deadline %v where none was asked for", deadline)
	}
}

// currency stands for something that work cannot look up itself.
type currency struct{ learned *int }

func (currency) Error() string { return "not known yet" }

func (c currency) Learn(context.Context) error {
	*c.learned++
	return nil
}

func TestWorkRunsAgainOnceItHasLearned(t *testing.T) {
	runner := open(t, sqlkit.Options{})
	learned := 0
	err := runner.Write(t.Context(), "op", ledger.Default, func(context.Context, *sql.Tx) error {
		if learned < 2 {
			return currency{&learned}
		}
		return nil
	})
	if err != nil || learned != 2 {
		t.Errorf("learned %d times, %v, want 2", learned, err)
	}
	wantVersion(t, runner, 1)
}

func TestWhatChangesNothingLeavesTheState(t *testing.T) {
	runner := open(t, sqlkit.Options{})
	for _, outcome := range []error{nil, sqlkit.ErrNothingChanged} {
		if err := runner.Write(t.Context(), "op", ledger.Default, func(context.Context, *sql.Tx) error { return outcome }); err != nil {
			t.Fatal(err)
		}
		wantVersion(t, runner, 1)
	}
}
