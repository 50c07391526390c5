package expensetest

import (
	"errors"
	"sync"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

func testSameKey(t *testing.T, b *fixture) {
	entry := b.entry(t, "food", "1.00", someDay)
	added := b.addEntry(t, entry)
	for range 2 {
		receipt, err := b.Add(t.Context(), b.in, entry)
		if err != nil || !receipt.Duplicate || receipt.Expense != added {
			t.Errorf("again: %+v, %v, want a duplicate of %+v", receipt, err, added)
		}
	}
	b.wantTotal(t, "1.00 USD (1)")
}

func testKeyReused(t *testing.T, b *fixture) {
	entry := b.entry(t, "food", "1.00", someDay)
	b.addEntry(t, entry)
	entry.Fingerprint[0]++
	entry.Category = "never seen"
	if _, err := b.Add(t.Context(), b.in, entry); !errors.Is(err, fault.Conflict) {
		t.Errorf("other content: %v, want Conflict", err)
	}
	b.wantTotal(t, "1.00 USD (1)")
	if got := b.overview(t, someDay.MonthOf()).Suggestions; len(got) != 1 {
		t.Errorf("categories %v: a refused entry left one behind", got)
	}
	b.wantSound(t)
}

func testKeyAfterDelete(t *testing.T, b *fixture) {
	entry := b.entry(t, "food", "1.00", someDay)
	added := b.addEntry(t, entry)
	deleted := b.edit(t, added.ID, func(e *expense.Expense) { e.Deleted = true })
	receipt, err := b.Add(t.Context(), b.in, entry)
	if err != nil || !receipt.Duplicate || receipt.Expense != deleted {
		t.Errorf("again: %+v, %v, want a duplicate of %+v", receipt, err, deleted)
	}
	b.wantTotal(t, "")
}

func testEqualContent(t *testing.T, b *fixture) {
	first, second := b.add(t, "food", "1.00", someDay), b.add(t, "food", "1.00", someDay)
	if first.ID == second.ID {
		t.Errorf("both are %d", first.ID)
	}
	b.wantTotal(t, "2.00 USD (2)")
}

func testSameKeyAtOnce(t *testing.T, b *fixture) {
	const callers = 50
	entry := b.entry(t, "food", "1.00", someDay)
	receipts := make([]expense.Receipt, callers)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			var err error
			if receipts[i], err = b.Add(t.Context(), b.in, entry); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	fresh := 0
	for _, receipt := range receipts {
		if receipt.Expense != receipts[0].Expense {
			t.Errorf("got %+v and %+v", receipt.Expense, receipts[0].Expense)
		}
		if !receipt.Duplicate {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d callers were told that theirs was stored, want 1", fresh)
	}
	b.wantTotal(t, "1.00 USD (1)")
	b.wantSound(t)
}
