package expensetest

import (
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// Each expense says who added it, and each step of its history who made it. What nobody is known for has the user 0.
func testWho(t *testing.T, b *fixture) {
	entry := func(by ledger.UserID) expense.Entry {
		e := b.entry(t, "food", "1.00", someDay)
		e.AddedBy = by
		return e
	}
	entries := []expense.Entry{entry(7), entry(0), entry(1 << 40)}
	first := b.addEntry(t, entries[0])
	results, err := b.AddAll(t.Context(), b.in, entries)
	if err != nil {
		t.Fatal(err)
	}
	ids := []expense.ID{first.ID}
	for i, result := range results {
		stored, err := b.Get(t.Context(), b.in, result.Receipt.Expense.ID)
		if err != nil || result.Receipt.Expense.AddedBy != entries[i].AddedBy || stored.AddedBy != entries[i].AddedBy {
			t.Errorf("added by %d: %+v, %+v, %v", entries[i].AddedBy, result.Receipt, stored, err)
		}
		ids = append(ids, stored.ID)
	}
	if first.AddedBy != 7 || ids[1] != first.ID {
		t.Errorf("the first one is %+v", first)
	}
	change := func(id expense.ID, saw int, by ledger.UserID, note string) {
		t.Helper()
		basis := b.basis(saw)
		basis.By, basis.Fingerprint = by, idempotency.FingerprintOf(note)
		changed, err := b.Change(t.Context(), b.in, id, basis, revised(func(e *expense.Expense) { e.Note = note }))
		if err != nil {
			t.Fatal(err)
		}
		if added := map[expense.ID]ledger.UserID{ids[1]: 7, ids[2]: 0}[id]; changed.AddedBy != added {
			t.Errorf("a change made the adder %d of %d", changed.AddedBy, added)
		}
	}
	change(ids[1], 1, 8, "one")
	change(ids[1], 2, 0, "two")
	change(ids[2], 1, 9, "three")
	batch := expense.Batch{Fingerprint: idempotency.FingerprintOf("all"), By: 6, Rows: []expense.BatchRow{{ID: ids[1], Revision: 3}}}
	if _, err := b.ChangeAll(t.Context(), b.in, batch, revised(func(e *expense.Expense) { e.Note = "four" })); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[expense.ID]string{ids[1]: "6 0 8 7", ids[2]: "9 0", ids[3]: ""} {
		found, err := b.History(t.Context(), b.in, id, expense.HistoryQuery{Limit: 10})
		var by []string
		for _, r := range found {
			by = append(by, fmt.Sprint(r.By))
		}
		if got := strings.Join(by, " "); err != nil || got != want {
			t.Errorf("expense %d was changed by %q, %v, want %q", id, got, err, want)
		}
	}
}
