package disposal

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

// Two instances share a file. What was deleted stays to the end of its thirtieth day, and then each of it is taken once.
func TestTwoInstancesEmptyABin(t *testing.T) {
	const many = 250 // more than a batch
	path := t.TempDir() + "/expenses.db"
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	actor := ledgertest.Owner()
	services := make([]*expense.Service, 2)
	var ledgers ledger.Store
	for i := range services {
		db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if _, err := db.Ledgers().Define(t.Context(), actor.Ledger); err != nil {
			t.Fatal(err)
		}
		ledgers = db.Ledgers()
		services[i] = expense.NewService(db.Expenses(), expense.Settings{Now: func() time.Time { return now }, PageSize: 5})
	}
	draft := func(i int) expense.Draft {
		return expense.Draft{Category: "food", Price: "1", Note: "n", Key: string(idempotency.Key(fmt.Sprint("key-", i)))}
	}
	for i := range many {
		receipt, err := services[0].Add(t.Context(), actor, draft(i))
		if err == nil {
			_, err = services[0].Delete(t.Context(), actor, receipt.Expense.ID, receipt.Expense.Seen())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	look := func() {
		var stops []func()
		for _, s := range services {
			stops = append(stops, Job{Expenses: s, Ledgers: ledgers, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}.Start(t.Context()))
		}
		await(t, func() bool {
			page, err := services[0].Bin(t.Context(), actor, nil, nil)
			return err == nil && (len(page.Expenses) == 0 || now.Day() != 2)
		})
		for _, stop := range stops {
			stop()
		}
	}
	now = time.Date(2026, 12, 1, 23, 59, 59, 0, time.UTC)
	look()
	if page, err := services[0].Bin(t.Context(), actor, nil, nil); err != nil || len(page.Expenses) != 5 || page.Older == nil {
		t.Errorf("on the last day the bin has %d, %v", len(page.Expenses), err)
	}
	now = now.Add(time.Second)
	look()
	for i := range many {
		receipt, err := services[i%2].Add(t.Context(), actor, draft(i))
		if err != nil || !receipt.Duplicate || !receipt.Expense.Gone {
			t.Fatalf("added again: %+v, %v", receipt, err)
		}
		if _, err := services[1].Get(t.Context(), actor, receipt.Expense.ID); !errors.Is(err, fault.NotFound) {
			t.Fatalf("get: %v, want NotFound", err)
		}
	}
}

func await(t *testing.T, met func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !met(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the bin is not empty after a minute")
		}
	}
}
