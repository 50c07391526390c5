package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"expense-tracker/adapters/internal/visittest"
	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/budget/budgettest"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member/membertest"
	"expense-tracker/core/money"
	"expense-tracker/core/rate/ratetest"
	"expense-tracker/core/schedule"
	"expense-tracker/core/schedule/scheduletest"
	"expense-tracker/core/token/tokentest"
)

// TestMain turns the test program into a second process that adds to a file, for tests that need one.
func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		if err := addForever(path, os.Getenv(childName)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func TestStore(t *testing.T) {
	expensetest.TestStore(t, func(t *testing.T) expensetest.Store { return openPatient(t).Store })
	ledgertest.TestStore(t, func(t *testing.T) ledger.Store { return openPatient(t).db.Ledgers() })
	ratetest.TestStore(t, func(t *testing.T) ratetest.Database { return openPatient(t).db })
	scheduletest.TestStore(t, func(t *testing.T) schedule.Store { return openPatient(t).db.Schedules() })
	budgettest.TestStore(t, func(t *testing.T) budgettest.Database { return openPatient(t).db })
	membertest.TestStorage(t, func(t *testing.T) membertest.Database { return openPatient(t).db })
	accounttest.TestStore(t, func(t *testing.T) accounttest.Database { return openPatient(t).db })
	visittest.TestVisits(t, openPatient(t).db)
	tokentest.TestStore(t, func(t *testing.T) tokentest.Database { return openPatient(t).db })
}

// patience is the time of an operation where a slow machine shall hurry nobody.
const patience = 2 * time.Minute

// openPatient opens a new data file whose operations may take long: the contract has batches of thousands, and says nothing of time.
func openPatient(t *testing.T) storage {
	t.Helper()
	return openWith(t, newFile(t), sqlite.Options{OperationTimeout: patience})
}

// newPath returns where a data file may come to be.
func newPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "expenses.db")
}

// newFile returns a data file without expenses. The migrations, which make it once, would take most of a test's time.
func newFile(t testing.TB) string {
	t.Helper()
	content, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	path := newPath(t)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// migrated is the content of a new data file.
var migrated = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "expense-tracker-test-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "expenses.db")
	if err := sqlite.Migrate(context.Background(), path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// storage is an open data file with its expenses at hand.
type storage struct {
	expensetest.Store
	db *sqlite.DB
}

// open opens a data file for as long as the test runs.
func open(t testing.TB, path string) storage {
	t.Helper()
	return openWith(t, path, sqlite.Options{})
}

func openWith(t testing.TB, path string, options sqlite.Options) storage {
	t.Helper()
	store, err := tryOpen(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.db.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// tryOpen opens a data file. The caller closes it.
func tryOpen(ctx context.Context, path string, options sqlite.Options) (storage, error) {
	db, err := sqlite.Open(ctx, path, options)
	if err != nil {
		return storage{}, err
	}
	return storage{expensetest.StoreOf(db), db}, nil
}

var someDay = civil.Date{Year: 2026, Month: time.February, Day: 28}

// entry returns an entry of 12.50 US dollars.
func entry(key string) expense.Entry {
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		panic(err)
	}
	return expense.Entry{
		Key: idempotency.Key(key), Fingerprint: idempotency.Fingerprint{1}, Date: someDay, Category: "food",
		Price: money.FromMinor(1250, usd), Note: "a note", CreatedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
}
