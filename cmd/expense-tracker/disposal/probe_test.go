package disposal

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/money"
)

// Two instances share a file. The probe's ledger is kept small, the newest stay, its totals are exact, and people's ledgers are let alone.
func TestTwoInstancesKeepTheProbesLedgerSmall(t *testing.T) {
	const many, theirs = expense.ProbeKept + 350, 1200
	path := t.TempDir() + "/expenses.db"
	people, probe := ledgertest.Owner(), ledger.Prober(ledgertest.Owner().Ledger.Currency)
	var services []*expense.Service
	var store expense.Store
	var auditor expense.Auditor
	for range 2 {
		db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		store, auditor = db.Expenses(), db.ExpenseAuditor()
		services = append(services, expense.NewService(db.Expenses(), expense.Settings{Now: time.Now, PageSize: 5}))
	}
	fill := func(actor ledger.Actor, count int) {
		entries := make([]expense.Entry, count)
		for i := range entries {
			entries[i] = expense.Entry{
				Key: idempotency.Key(fmt.Sprint("key-", i)), Category: "probe", Date: actor.Ledger.Today(time.Now()),
				Price: money.FromMinor(1, actor.Ledger.Currency), Note: fmt.Sprint("probe ", i), AddedBy: actor.User,
			}
		}
		for batch := range slices.Chunk(entries, 200) { // each in the time of an operation, on a busy machine too
			if _, err := store.AddAll(t.Context(), actor.Ledger.ID, batch); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill(people, theirs)
	fill(probe, many)
	list := func(actor ledger.Actor) []expense.Expense {
		found, err := store.List(t.Context(), actor.Ledger.ID, expense.ListQuery{Limit: 2 * many})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	before := list(probe)
	for _, s := range services {
		stop := StartProbe(t.Context(), s, probe.Ledger.Currency, slog.New(slog.NewTextHandler(io.Discard, nil)))
		defer stop()
	}
	await(t, func() bool { return len(list(probe)) == expense.ProbeKept })
	after := list(probe)
	if after[0] != before[0] || after[len(after)-1] != before[expense.ProbeKept-1] {
		t.Errorf("of %d to %d are left %d to %d", before[0].ID, before[len(before)-1].ID, after[0].ID, after[len(after)-1].ID)
	}
	if n := len(list(people)); n != theirs {
		t.Errorf("people have %d expenses, want %d", n, theirs)
	}
	for _, in := range []ledger.ID{people.Ledger.ID, ledger.Probe} {
		if wrong, err := auditor.Audit(t.Context(), in, false); len(wrong) > 0 || err != nil {
			t.Errorf("ledger %d: %v, %v", in, wrong, err)
		}
	}
	await(t, func() bool {
		bin, err := services[0].Bin(t.Context(), probe, nil, nil)
		return err == nil && len(bin.Expenses) == 0
	})
	if _, err := services[0].TidyProbe(t.Context(), people); err == nil {
		t.Error("people's ledger is tidied")
	}
}
