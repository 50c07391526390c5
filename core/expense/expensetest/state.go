package expensetest

import (
	"errors"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

func (b *fixture) state(t failer) ledger.State {
	t.Helper()
	state, err := b.State(t.Context(), b.in)
	if err != nil {
		t.Fatalf("state: %v", err)
	}
	return state
}

func testState(t *testing.T, b *fixture) {
	last := ledger.State{}
	isNew := func(after string) {
		t.Helper()
		state := b.state(t)
		if state.Version <= last.Version || state.Mark == last.Mark {
			t.Errorf("after %s the state is %v, before it was %v", after, state, last)
		}
		last = state
		if got := b.overview(t, someDay.MonthOf()).State; got != state {
			t.Errorf("the overview's state is %v, want %v", got, state)
		}
	}
	isOld := func(after string) {
		t.Helper()
		if state := b.state(t); state != last {
			t.Errorf("after %s, which changes nothing, the state is %v, before it was %v", after, state, last)
		}
	}
	entry := b.entry(t, "food", "1.00", someDay)
	food := b.addEntry(t, entry)
	isNew("an add")
	known, err := b.Add(t.Context(), b.in, entry)
	if err != nil || !known.Duplicate {
		t.Fatalf("the same add: %+v, %v", known, err)
	}
	isOld("the same add")
	if results, err := b.AddAll(t.Context(), b.in, []expense.Entry{entry, entry}); err != nil || !results[0].Receipt.Duplicate {
		t.Fatalf("the same adds: %+v, %v", results, err)
	}
	isOld("the same adds")
	rent := b.add(t, "rent", "1.00", someDay)
	isNew("another add")
	b.edit(t, food.ID, func(e *expense.Expense) { e.Note = "x" })
	isNew("an edit")
	b.edit(t, food.ID, func(e *expense.Expense) { e.Deleted = true })
	isNew("a delete")
	if _, err := b.rename(t, food.Category.ID, "meals"); err != nil {
		t.Fatal(err)
	}
	isNew("a rename")
	if _, err := b.merge(t, food.Category.ID, rent.Category.ID); err != nil {
		t.Fatal(err)
	}
	isNew("a merge")
	if differences, err := b.Audit(t.Context(), b.in, true); err != nil || len(differences) != 0 {
		t.Fatalf("a repair: %v, %v", differences, err)
	}
	isOld("a repair of what is right")
}

// priced sets a price in US dollars.
func priced(t failer, decimal string) func(expense.Expense) (expense.Expense, error) {
	return revised(func(e *expense.Expense) { e.Price = amount(t, decimal, "USD") })
}

func testStaleChange(t *testing.T, b *fixture) {
	e := b.add(t, "food", "1.00", someDay)
	if _, err := b.Change(t.Context(), b.in, e.ID, b.basis(1), priced(t, "2.00")); err != nil {
		t.Fatal(err)
	}
	for _, revision := range []int{-1, 0, 1, 3} {
		_, err := b.Change(t.Context(), b.in, e.ID, b.basis(revision), revised(func(*expense.Expense) { t.Error("revise was called") }))
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("a change from revision %d: %v, want Conflict", revision, err)
		}
	}
	b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	if _, err := b.Change(t.Context(), b.in, e.ID, b.basis(2), priced(t, "3.00")); !errors.Is(err, fault.NotFound) {
		t.Errorf("a stale change of a deleted expense: %v, want NotFound", err)
	}
	b.wantSound(t)
}

func testRepeatedChange(t *testing.T, b *fixture) {
	e := b.add(t, "food", "1.00", someDay)
	basis := b.basis(1)
	changed, err := b.Change(t.Context(), b.in, e.ID, basis, priced(t, "2.00"))
	if err != nil {
		t.Fatal(err)
	}
	state := b.state(t)
	if again, err := b.Change(t.Context(), b.in, e.ID, basis, priced(t, "2.00")); err != nil || again != changed {
		t.Errorf("the same change again: %+v, %v, want %+v", again, err, changed)
	}
	if got := b.state(t); got != state {
		t.Errorf("a repeat changed the state from %v to %v", state, got)
	}
	later := b.edit(t, e.ID, func(e *expense.Expense) { e.Price = amount(t, "7.00", "USD") })
	if again, err := b.Change(t.Context(), b.in, e.ID, basis, priced(t, "2.00")); err != nil || again != later {
		t.Errorf("the same change after a later one: %+v, %v, want %+v as it is now", again, err, later)
	}
	deleted := b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	if again, err := b.Change(t.Context(), b.in, e.ID, basis, priced(t, "2.00")); err != nil || again != deleted {
		t.Errorf("the same change after a delete: %+v, %v, want %+v as it is now", again, err, deleted)
	}
	refused := errors.New("no")
	basis = b.basis(deleted.Revision)
	if _, err := b.Change(t.Context(), b.in, e.ID, basis,
		func(e expense.Expense) (expense.Expense, error) { return e, refused }); !errors.Is(err, refused) {
		t.Errorf("a refused change: %v", err)
	}
	restored, err := b.Change(t.Context(), b.in, e.ID, basis, revised(func(e *expense.Expense) { e.Deleted = false }))
	if err != nil || restored.Deleted || restored.Revision != deleted.Revision+1 {
		t.Errorf("a change like the refused one: %+v, %v: a refusal is no step", restored, err)
	}
	b.wantTotal(t, "7.00 USD (1)")
	b.wantSound(t)
}

func testStaleCategory(t *testing.T, b *fixture) {
	food, rent, fun := b.add(t, "food", "1.00", someDay).Category.ID, b.add(t, "rent", "1.00", someDay).Category.ID,
		b.add(t, "fun", "1.00", someDay).Category.ID
	early := b.categoryRevision(t, food)
	if _, err := b.rename(t, food, "meals"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.RenameCategory(t.Context(), b.in, food, b.basis(early), "late"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale rename: %v, want Conflict", err)
	}
	if _, err := b.MergeCategory(t.Context(), b.in, food, b.basis(early), rent); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale merge: %v, want Conflict", err)
	}
	early = b.categoryRevision(t, food)
	if _, err := b.merge(t, fun, food); err != nil {
		t.Fatal(err)
	}
	if _, err := b.MergeCategory(t.Context(), b.in, food, b.basis(early), rent); !errors.Is(err, fault.Conflict) {
		t.Errorf("a merge that has not seen what was merged into its category: %v, want Conflict", err)
	}
	if summary, err := b.GetCategory(t.Context(), b.in, food); err != nil || summary.Category.Name != "meals" ||
		totals(summary.Totals) != "2.00 USD (2)" {
		t.Errorf("after it %+v, %v", summary, err)
	}
	b.wantSound(t)
}

func testRepeatedCategoryChange(t *testing.T, b *fixture) {
	food, rent := b.add(t, "food", "1.00", someDay).Category, b.add(t, "rent", "1.00", someDay).Category
	rename, merge := b.basis(1), b.basis(2)
	for range 2 {
		if got, err := b.RenameCategory(t.Context(), b.in, food.ID, rename, "meals"); err != nil || got.ID != food.ID || got.Name != "meals" {
			t.Errorf("rename: %+v, %v", got, err)
		}
	}
	for range 2 {
		if got, err := b.MergeCategory(t.Context(), b.in, food.ID, merge, rent.ID); err != nil || got != rent {
			t.Errorf("merge: %+v, %v", got, err)
		}
	}
	if got, err := b.RenameCategory(t.Context(), b.in, food.ID, rename, "meals"); err != nil || got != rent {
		t.Errorf("the rename, sent again after the merge: %+v, %v, want what is left", got, err)
	}
	if revision := b.categoryRevision(t, rent.ID); revision != 2 {
		t.Errorf("revision %d of the category that is left, want one step", revision)
	}
	b.wantSound(t)
}
