package expensetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
)

// batchOf returns a batch of expenses as they are given.
func batchOf(what string, at time.Time, expenses ...expense.Expense) expense.Batch {
	batch := expense.Batch{Fingerprint: idempotency.FingerprintOf(what), At: at}
	for _, e := range expenses {
		batch.Rows = append(batch.Rows, expense.BatchRow{ID: e.ID, Revision: e.Revision})
	}
	return batch
}

func (b *fixture) changeAll(t failer, batch expense.Batch, how func(*expense.Expense)) []expense.Expense {
	t.Helper()
	changed, err := b.ChangeAll(t.Context(), b.in, batch, revised(how))
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

func (b *fixture) batchBefore(t failer, number expense.BatchNumber) []expense.Expense {
	t.Helper()
	before, err := b.BatchBefore(t.Context(), b.in, number)
	if err != nil {
		t.Fatal(err)
	}
	return before
}

func toRent(e *expense.Expense) {
	if e.Category.Name != "rent" {
		e.Category = expense.Category{Name: "rent"}
	}
	e.Date, e.Tags = someDay.AddDays(40), "work"
}

func testChangeAll(t *testing.T, b *fixture) {
	first, second, third := b.add(t, "food", "1.50", someDay), b.add(t, "tea", "2.00", someDay), b.add(t, "food", "4.00", someDay.AddDays(1))
	state := b.state(t)
	batch := batchOf("to rent", someMoment, third, first)
	changed := b.changeAll(t, batch, toRent)
	if len(changed) != 2 || changed[0].ID != third.ID || changed[1].ID != first.ID {
		t.Fatalf("the result is %+v, want the order of the rows", changed)
	}
	for i, was := range []expense.Expense{third, first} {
		want := was
		toRent(&want)
		want.Revision, want.Category = 2, changed[0].Category
		if changed[i] != want || want.Category.ID == 0 {
			t.Errorf("%+v, want %+v", changed[i], want)
		}
		if now, err := b.Get(t.Context(), b.in, was.ID); err != nil || now != want {
			t.Errorf("stored is %+v, %v, want %+v", now, err, want)
		}
		known, err := b.History(t.Context(), b.in, was.ID, expense.HistoryQuery{Limit: 10})
		if err != nil || len(known) != 2 || !known[0].At.Equal(someMoment) {
			t.Errorf("its history is %+v, %v", known, err)
		}
	}
	if now, err := b.Get(t.Context(), b.in, second.ID); err != nil || now != second {
		t.Errorf("one that is not among them is %+v, %v", now, err)
	}
	moved := b.state(t)
	if moved.Version != state.Version+1 {
		t.Errorf("the state is %+v after %+v, want one change", moved, state)
	}
	if again := b.changeAll(t, batch, toRent); fmt.Sprint(again) != fmt.Sprint(changed) || b.state(t) != moved {
		t.Errorf("sent again: %+v, and the state is another: %t", again, b.state(t) != moved)
	}
	b.wantTotal(t, "7.50 USD (3)")
	b.wantSound(t)
	deleted := b.changeAll(t, batchOf("delete", someMoment, append(changed, second)...), func(e *expense.Expense) { e.Deleted = true })
	binned, _ := b.bin(t, expense.BinQuery{Limit: 10})
	wantIDs(t, "the bin", binned, []expense.ID{third.ID, second.ID, first.ID})
	b.wantTotal(t, "")
	b.wantSound(t)
	b.changeAll(t, batchOf("restore", someMoment, deleted...), func(e *expense.Expense) { e.Deleted = false })
	b.wantTotal(t, "7.50 USD (3)")
	b.wantSound(t)
}

func testChangeAllOrNone(t *testing.T, b *fixture) {
	first, second := b.add(t, "food", "1.50", someDay), b.add(t, "tea", "2.00", someDay)
	changed := b.edit(t, second.ID, func(e *expense.Expense) { e.Note = "theirs" })
	state := b.state(t)
	refused := fault.New(fault.Invalid, "test", "no")
	missing := expense.Expense{ID: second.ID + 1000, Revision: 1}
	for name, tt := range map[string]struct {
		batch  expense.Batch
		revise func(expense.Expense) (expense.Expense, error)
		want   error
	}{
		"one is stale":   {batchOf("stale", someMoment, first, second), revised(toRent), fault.Conflict},
		"one is missing": {batchOf("missing", someMoment, first, missing), revised(toRent), fault.Conflict},
		"one is refused": {batchOf("refused", someMoment, first, changed), func(e expense.Expense) (expense.Expense, error) {
			toRent(&e)
			if e.ID == second.ID {
				return expense.Expense{}, refused
			}
			return e, nil
		}, refused},
		"a category is missing": {batchOf("category", someMoment, first, changed), revised(func(e *expense.Expense) {
			if toRent(e); e.ID == second.ID {
				e.Category = expense.Category{ID: 1 << 40}
			}
		}), fault.NotFound},
	} {
		if got, err := b.ChangeAll(t.Context(), b.in, tt.batch, tt.revise); !errors.Is(err, tt.want) || got != nil {
			t.Errorf("%s: %+v, %v, want %v", name, got, err, tt.want)
		}
		if before := b.batchBefore(t, tt.batch.Number()); len(before) > 0 {
			t.Errorf("%s: known of it is %+v", name, before)
		}
		if now, err := b.Get(t.Context(), b.in, first.ID); err != nil || now != first || b.state(t) != state {
			t.Errorf("%s: the other is %+v, %v, and the state is another: %t", name, now, err, b.state(t) != state)
		}
	}
	if _, err := b.CategoryNamed(t.Context(), b.in, "rent"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a category of what was refused: %v", err)
	}
	deleted := b.edit(t, second.ID, func(e *expense.Expense) { e.Deleted = true })
	_, err := b.ChangeAll(t.Context(), b.in, batchOf("deleted", someMoment, first, changed), revised(toRent))
	if !errors.Is(err, fault.Conflict) {
		t.Errorf("one was deleted: %v, want Conflict", err)
	}
	same := b.changeAll(t, batchOf("same", someMoment, first, deleted), func(*expense.Expense) {})
	if len(same) != 2 || same[0] != first || same[1] != deleted {
		t.Errorf("what stays as it was is %+v", same)
	}
	other := &fixture{Store: b.Store, in: b.in + 1}
	_, err = other.ChangeAll(t.Context(), other.in, batchOf("other", someMoment, first), revised(toRent))
	if !errors.Is(err, fault.Conflict) {
		t.Errorf("of another ledger: %v, want Conflict", err)
	}
	b.wantSound(t)
}

func testBatchBefore(t *testing.T, b *fixture) {
	first, second, third := b.add(t, "food", "1.50", someDay), b.add(t, "rent", "2.00", someDay), b.add(t, "tea", "4.00", someDay)
	second = b.edit(t, second.ID, toRent)
	batch := batchOf("to rent", someMoment, third, second, first) // second is like that already
	b.changeAll(t, batch, toRent)
	before := b.batchBefore(t, batch.Number())
	if len(before) != 2 || before[0] != first || before[1] != third {
		t.Fatalf("before it were %+v, want %+v and %+v", before, first, third)
	}
	if strange := b.batchBefore(t, batch.Number()-1); len(strange) > 0 {
		t.Errorf("of no batch are %+v", strange)
	}
	other := &fixture{Store: b.Store, in: b.in + 1}
	if strange := other.batchBefore(t, batch.Number()); len(strange) > 0 {
		t.Errorf("another ledger has %+v", strange)
	}
	if _, err := b.rename(t, third.Category.ID, "chai"); err != nil {
		t.Fatal(err)
	}
	back := batchOf("undo", someMoment, first, third)
	for i := range back.Rows {
		back.Rows[i].Revision++
	}
	b.edit(t, second.ID, func(e *expense.Expense) { e.Note = "of its own" })
	for i, now := range b.changeAll(t, batch, toRent) { // sent again
		if batch.Rows[i].ID != now.ID || now.Revision != 2+i%2 {
			t.Errorf("sent again, it is %+v", now)
		}
	}
	before = b.batchBefore(t, batch.Number())
	undone := b.changeAll(t, back, func(e *expense.Expense) {
		for _, was := range before {
			if was.ID == e.ID {
				*e = was
			}
		}
	})
	if undone[0].Category != first.Category || undone[0].Revision != 3 || undone[1].Category.Name != "chai" || undone[1].Date != someDay {
		t.Errorf("taken back, they are %+v", undone)
	}
	if again := b.batchBefore(t, back.Number()); len(again) != 2 || again[0].Category.Name != "rent" || again[0].Revision != 2 {
		t.Errorf("before the undo were %+v", again)
	}
	b.wantTotal(t, "7.50 USD (3)")
	b.wantSound(t)
}

// Of those who change the same expenses at once, one does, and the others do nothing.
func testChangeAllAtOnce(t *testing.T, b *fixture) {
	var all []expense.Expense
	for range 12 {
		all = append(all, b.add(t, "food", "1.00", someDay))
	}
	var made atomic.Int64
	var wait sync.WaitGroup
	for worker := range 6 {
		wait.Go(func() {
			name := expense.CategoryName(fmt.Sprint("worker ", worker))
			_, err := b.ChangeAll(t.Context(), b.in, batchOf(string(name), someMoment, all[worker:worker+7]...), revised(func(e *expense.Expense) {
				e.Category = expense.Category{Name: name}
			}))
			switch {
			case err == nil:
				made.Add(1)
			case !errors.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if made.Load() != 1 {
		t.Errorf("%d have changed an expense that all wanted to change, want 1", made.Load())
	}
	b.wantTotal(t, "12.00 USD (12)")
	b.wantSound(t)
}
