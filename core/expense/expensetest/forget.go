package expensetest

import (
	"errors"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// testForget adds to the probe's ledger, whose expenses nobody counts and which alone forgets any.
func testForget(t *testing.T, b *fixture) {
	people, probe := b, &fixture{Store: b.Store, in: ledger.Probe}
	binned, kept := people.add(t, "food", "1.00", someDay), people.add(t, "food", "2.00", someDay)
	people.deleteAt(t, binned.ID, someMoment)
	if n, err := people.Forget(t.Context(), people.in, 10); n != 0 || !errors.Is(err, fault.Forbidden) {
		t.Errorf("forgot %d of people's, %v, want Forbidden", n, err)
	}

	entries := []expense.Entry{probe.entry(t, "probe", "0.01", someDay), probe.entry(t, "probe", "0.01", someDay),
		probe.entry(t, "probe", "0.01", someDay.AddDays(1))}
	var added []expense.Expense
	for _, e := range entries {
		added = append(added, probe.addEntry(t, e))
	}
	if n, err := b.CountExpenses(t.Context()); n != 1 || err != nil {
		t.Errorf("%d expenses are counted, %v, want those of people", n, err)
	}
	state := probe.state(t)
	if n, err := probe.Forget(t.Context(), probe.in, 10); n != 0 || err != nil || probe.state(t) != state {
		t.Errorf("nothing is deleted: %d, %v", n, err)
	}
	probe.deleteAt(t, added[0].ID, someMoment)
	probe.deleteAt(t, added[2].ID, someMoment.Add(time.Second))
	if n, err := probe.Forget(t.Context(), probe.in, 1); n != 1 || err != nil {
		t.Errorf("forgot %d, %v, want the limit", n, err)
	}
	if n, err := probe.Forget(t.Context(), probe.in, 10); n != 1 || err != nil {
		t.Errorf("forgot %d, %v, want what is left", n, err)
	}
	again, err := probe.Add(t.Context(), probe.in, entries[0])
	if err != nil || again.Duplicate || again.Expense.ID == added[0].ID {
		t.Errorf("a forgotten key is known: %+v, %v", again, err)
	}
	if found, err := probe.History(t.Context(), probe.in, added[2].ID, expense.HistoryQuery{Limit: 10}); len(found) > 0 || err != nil {
		t.Errorf("what was forgotten has the history %+v, %v", found, err)
	}
	probe.wantTotal(t, "0.02 USD (2)")
	probe.wantSound(t)

	left, _ := people.bin(t, expense.BinQuery{Limit: 10})
	wantIDs(t, "people's bin", left, []expense.ID{binned.ID})
	if got, err := people.Get(t.Context(), people.in, kept.ID); err != nil || got != kept {
		t.Errorf("people's expense is %+v, %v", got, err)
	}
	people.wantSound(t)
}
