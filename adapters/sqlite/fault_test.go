package sqlite

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

func anEntry(t *testing.T, key string) expense.Entry {
	t.Helper()
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	return expense.Entry{
		Key: idempotency.Key(key), Date: civil.Date{Year: 2026, Month: time.May, Day: 1}, Category: "food",
		Price: money.FromMinor(1, usd), Note: strings.Repeat("x", 500),
	}
}

func TestFullDisk(t *testing.T) {
	store := openForTest(t, Options{})
	var pages int
	if err := store.writer.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := store.writer.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+20)); err != nil {
		t.Fatal(err)
	}
	stored := int64(0)
	var err error
	for i := 0; err == nil && i < 10_000; i++ {
		if _, err = store.expenses.Add(t.Context(), ledger.Default, anEntry(t, fmt.Sprint(i))); err == nil {
			stored++
		}
	}
	wantFault(t, err, "the disk is full")
	if n, err := store.expenses.CountExpenses(t.Context()); err != nil || n != stored || n == 0 {
		t.Errorf("%d are stored, %v, want the %d that were acknowledged", n, err, stored)
	}
	if differences, err := store.expenses.Audit(t.Context(), ledger.Default, false); err != nil || len(differences) > 0 {
		t.Errorf("audit: %+v, %v", differences, err)
	}
	if _, err := store.writer.Exec(`PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if _, err := store.expenses.Add(t.Context(), ledger.Default, anEntry(t, "with room again")); err != nil {
		t.Error(err)
	}
}

func TestReadOnly(t *testing.T) {
	store := openForTest(t, Options{})
	_, err := store.reader.Exec(`INSERT INTO ledger (id, version) VALUES (7, 1)`)
	wantFault(t, dialect{}.Fault("op", err), "the data file may not be written")
}

func wantFault(t *testing.T, err error, message string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Unavailable || f.Message.String() != message || f.RetryAfter == 0 {
		t.Errorf("%v, want Unavailable: %s", err, message)
	}
}

// STRICT tables are what keeps a total from turning into a float.
func TestTotalIsNeverAFloat(t *testing.T) {
	store := openForTest(t, Options{})
	if _, err := store.writer.Exec(`INSERT INTO ledger (id, version) VALUES (1, 1);
		INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
		VALUES (1, 0, 0, 'USD', 1, 9223372036854775807)`); err != nil {
		t.Fatal(err)
	}
	_, err := store.writer.Exec(`UPDATE expense_total SET minor = minor + 1`)
	if err := (dialect{}).Fault("op", err); !errors.Is(err, fault.Invalid) || len(fault.ViolationsOf(err)) != 1 {
		t.Errorf("%v, want Invalid at the price", err)
	}
}

// A connection that an interrupt has spoilt is no failure of ours: the operation runs again on another, and at last waits for better times.
func TestSpoiltConnections(t *testing.T) {
	err := dialect{}.Fault("test", fmt.Errorf("begin: %w", driver.ErrBadConn))
	if !errors.Is(err, fault.Unavailable) || !(dialect{}).Retryable(driver.ErrBadConn) {
		t.Errorf("%v, want Unavailable, and that it is tried again", err)
	}
}
