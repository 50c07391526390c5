package expense_test

import (
	"fmt"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
)

// Somebody changes dates while a long result is handed over: each expense comes once all the same, and none is left out.
func TestEachFoundHandsOverOnceWhatMovesMeanwhile(t *testing.T) {
	s := newService(t)
	const many = 2*expense.SearchBatch + 500
	var ids []expense.ID // oldest first
	for i := range many {
		receipt, err := s.Add(t.Context(), owner, expense.Draft{
			Category: "food", Price: "1", Date: fmt.Sprintf("2025-%02d-%02d", 1+i*12/many, 1+i%28), Key: string(idempotency.Key(fmt.Sprint("key-", i))),
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, receipt.Expense.ID)
	}
	move := func(id expense.ID, date string) {
		t.Helper()
		e, err := s.Get(t.Context(), owner, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Edit(t.Context(), owner, id, e.Seen(), expense.Draft{Category: "food", Price: "1", Date: date}); err != nil {
			t.Fatal(err)
		}
	}
	old, gone := ids[0], ids[1]
	seen, batches := map[expense.ID]int{}, 0
	var last expense.ID
	err := s.EachFound(t.Context(), owner, expense.SearchDraft{Categories: []string{"food"}}, func(batch []expense.Expense) error {
		for _, e := range batch {
			seen[e.ID]++
			last = e.ID
		}
		if batches++; batches == 1 {
			move(batch[0].ID, "2024-01-01") // behind what is still to come
			move(old, "2026-01-01")         // before what has come already
			move(gone, "2026-01-02")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if seen[id] != 1 {
			t.Errorf("expense %d came %d times", id, seen[id])
		}
	}
	if len(seen) != many || last != old {
		t.Errorf("%d expenses, the last of them %d; want %d, and %d", len(seen), last, many, old)
	}
}
