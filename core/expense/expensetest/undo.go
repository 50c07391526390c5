package expensetest

import (
	"errors"
	"fmt"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

// undo takes back the last change of a category that is there.
func (b *fixture) undo(t failer, id expense.CategoryID) (expense.Category, error) {
	t.Helper()
	return b.UndoCategory(t.Context(), b.in, id, b.basis(b.categoryRevision(t, id)))
}

// undoMerge takes back the merge of a category that was merged away.
func (b *fixture) undoMerge(t failer, id expense.CategoryID) (expense.Category, error) {
	t.Helper()
	merge, err := b.MergedCategory(t.Context(), b.in, id)
	if err != nil {
		return expense.Category{}, err
	}
	return b.UndoCategory(t.Context(), b.in, id, b.basis(merge.Revision))
}

func testUndoRemoval(t *testing.T, b *fixture) {
	e := b.add(t, "food", "1.00", someDay)
	b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	saw := b.categoryRevision(t, e.Category.ID)
	if err := b.remove(t, e.Category.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.UndoCategory(t.Context(), b.in, e.Category.ID, b.basis(saw)); !errors.Is(err, fault.NotFound) {
		t.Errorf("an undo of what was before: %v, want NotFound", err)
	}
	basis := b.basis(saw + 1)
	for range 2 { // and sent again
		if back, err := b.UndoCategory(t.Context(), b.in, e.Category.ID, basis); err != nil || back != e.Category {
			t.Errorf("undone %+v, %v, want %+v", back, err, e.Category)
		}
	}
	if found, err := b.CategoryNamed(t.Context(), b.in, "Food"); err != nil || found != e.Category {
		t.Errorf("by its name: %+v, %v", found, err)
	}
	b.wantSound(t)

	saw = b.categoryRevision(t, e.Category.ID)
	if err := b.remove(t, e.Category.ID); err != nil {
		t.Fatal(err)
	}
	other := b.add(t, "other", "1.00", someDay).Category
	if _, err := b.rename(t, other.ID, "food"); err != nil {
		t.Fatal(err)
	}
	if back, err := b.UndoCategory(t.Context(), b.in, e.Category.ID, b.basis(saw+1)); err == nil {
		t.Errorf("another has the name: %+v", back)
	}
	b.wantSound(t)
}

func testUndoRename(t *testing.T, b *fixture) {
	food, rent := b.add(t, "food", "1.00", someDay).Category, b.add(t, "rent", "2.00", someDay).Category
	if _, err := b.undo(t, food.ID); !errors.Is(err, fault.Conflict) {
		t.Errorf("an undo of nothing: %v, want Conflict", err)
	}
	rename := func(id expense.CategoryID, name expense.CategoryName) {
		t.Helper()
		if _, err := b.rename(t, id, name); err != nil {
			t.Fatal(err)
		}
	}
	rename(food.ID, "Meals")
	basis := b.basis(b.categoryRevision(t, food.ID))
	for range 2 { // and sent again
		if back, err := b.UndoCategory(t.Context(), b.in, food.ID, basis); err != nil || back != food {
			t.Errorf("undone %+v, %v, want %+v", back, err, food)
		}
	}
	b.wantCategories(t, "[food rent]")
	if again, err := b.undo(t, food.ID); err != nil || again.Name != "Meals" {
		t.Errorf("the undo undone: %+v, %v", again, err)
	}
	if _, err := b.UndoCategory(t.Context(), b.in, food.ID, b.basis(basis.Revision)); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale undo: %v, want Conflict", err)
	}
	b.archive(t, food.ID, true)
	if _, err := b.undo(t, food.ID); !errors.Is(err, fault.Conflict) {
		t.Errorf("an undo after another change: %v, want Conflict", err)
	}
	rename(food.ID, "Eating")
	rename(rent.ID, "MEALS")
	if _, err := b.undo(t, food.ID); !errors.Is(err, fault.Conflict) {
		t.Errorf("an undo whose name is taken: %v, want Conflict", err)
	}
	if _, err := b.undo(t, 1<<40); !errors.Is(err, fault.NotFound) {
		t.Errorf("a missing category: %v, want NotFound", err)
	}
	b.archive(t, food.ID, false)
	b.wantCategories(t, "[Eating MEALS]")
	b.wantSound(t)
}

func testUndoMerge(t *testing.T, b *fixture) {
	food := b.add(t, "food", "1.00", someDay)
	snacks := b.add(t, "snacks", "2.00", someDay)
	yen := b.entry(t, "snacks", "1", someDay.AddDays(-40))
	yen.Price = amount(t, "7", "JPY")
	b.addEntry(t, yen)
	sweets := b.add(t, "sweets", "4.00", someDay)
	other, moved := b.add(t, "other", "64.00", someDay), b.add(t, "snacks", "32.00", someDay)
	merge := func(from, into expense.Expense) {
		t.Helper()
		if _, err := b.merge(t, from.Category.ID, into.Category.ID); err != nil {
			t.Fatal(err)
		}
	}
	merge(other, food) // one that does not come along
	merge(sweets, snacks)
	merge(snacks, food)
	b.wantCategories(t, "[food]")
	found, err := b.MergedCategory(t.Context(), b.in, snacks.Category.ID)
	if err != nil || found.Away != snacks.Category || found.Left.ID != food.Category.ID {
		t.Errorf("merged away: %+v, %v", found, err)
	}
	edited := b.edit(t, sweets.ID, func(e *expense.Expense) { e.Price = amount(t, "4.50", "USD") })
	moved = b.edit(t, moved.ID, func(e *expense.Expense) { e.Category = expense.Category{Name: "rent"} })
	b.edit(t, snacks.ID, func(e *expense.Expense) { e.Deleted = true })
	added := b.add(t, "food", "8.00", someDay)
	before := b.state(t)
	basis := b.basis(found.Revision)
	for range 2 { // and sent again
		if back, err := b.UndoCategory(t.Context(), b.in, snacks.Category.ID, basis); err != nil || back != snacks.Category {
			t.Fatalf("undone %+v, %v, want %+v", back, err, snacks.Category)
		}
	}
	if b.state(t) == before {
		t.Error("the ledger has the state of before")
	}
	b.edit(t, snacks.ID, func(e *expense.Expense) { e.Deleted = false })
	b.wantCategories(t, "[food rent snacks]")
	for id, want := range map[expense.ID]expense.Category{
		food.ID: food.Category, snacks.ID: snacks.Category, edited.ID: snacks.Category, added.ID: food.Category, other.ID: food.Category,
		moved.ID: moved.Category,
	} {
		if got, err := b.Get(t.Context(), b.in, id); err != nil || got.Category != want {
			t.Errorf("expense %d is in %+v, %v, want %+v", id, got.Category, err, want)
		}
	}
	for id, want := range map[expense.CategoryID]string{food.Category.ID: "73.00 USD (3)", snacks.Category.ID: "7 JPY (1), 6.50 USD (2)"} {
		if summary, err := b.GetCategory(t.Context(), b.in, id); err != nil || totals(summary.Totals) != want {
			t.Errorf("category %d has %s, %v, want %s", id, totals(summary.Totals), err, want)
		}
	}
	if got := categories(b.overview(t, someDay.MonthOf()).Categories); got != "food 73.00 USD (3), rent 32.00 USD (1), snacks 6.50 USD (2)" {
		t.Errorf("categories of the month: %s", got)
	}
	if got := b.add(t, "snacks", "16.00", someDay); got.Category != snacks.Category {
		t.Errorf("an add of the name went to %+v", got.Category)
	}
	if _, err := b.MergedCategory(t.Context(), b.in, snacks.Category.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("merged away after the undo: %v, want NotFound", err)
	}
	b.wantTotal(t, "7 JPY (1), 127.50 USD (7)")
	b.wantSound(t)
	merge(snacks, food) // with what came along before
	if _, err := b.undoMerge(t, snacks.Category.ID); err != nil {
		t.Errorf("a merge that is made again is undone: %v", err)
	}
	b.wantCategories(t, "[food rent snacks]")
	b.wantSound(t)
}

// A category that had others in it takes them along, back too.
func testUndoMergeOfMerged(t *testing.T, b *fixture) {
	var all []expense.Expense
	for i, name := range []string{"a", "b", "c", "d"} {
		all = append(all, b.add(t, name, fmt.Sprintf("%d.00", 1<<i), someDay))
	}
	for i := range 3 { // a into b, both into c, all into d
		if _, err := b.merge(t, all[i].Category.ID, all[i+1].Category.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.undoMerge(t, all[0].Category.ID); !errors.Is(err, fault.Conflict) {
		t.Errorf("an undo of an older merge: %v, want Conflict", err)
	}
	if back, err := b.undoMerge(t, all[2].Category.ID); err != nil || back != all[2].Category {
		t.Fatalf("undone %+v, %v", back, err)
	}
	if got := categories(b.overview(t, someDay.MonthOf()).Categories); got != "d 8.00 USD (1), c 7.00 USD (3)" {
		t.Errorf("categories %s", got)
	}
	b.wantSound(t)
	for i := range 2 {
		if _, err := b.undoMerge(t, all[i].Category.ID); !errors.Is(err, fault.Conflict) {
			t.Errorf("an undo of merge %d, which another has followed: %v, want Conflict", i, err)
		}
	}
	b.wantSound(t)
}

func testStaleUndoOfMerge(t *testing.T, b *fixture) {
	for i, change := range []func(from, into expense.CategoryID) error{
		func(_, into expense.CategoryID) error { _, err := b.rename(t, into, "another name"); return err },
		func(_, into expense.CategoryID) error { b.archive(t, into, true); return nil },
		func(_, into expense.CategoryID) error {
			_, err := b.merge(t, b.add(t, "third", "1.00", someDay).Category.ID, into)
			return err
		},
		func(_, into expense.CategoryID) error {
			_, err := b.merge(t, into, b.add(t, "fourth", "1.00", someDay).Category.ID)
			return err
		},
		func(from, _ expense.CategoryID) error { // its name is taken
			if again := b.add(t, fmt.Sprintf("from %d", 4), "1.00", someDay); again.Category.ID == from {
				return errors.New("the name leads to what was merged away")
			}
			return nil
		},
	} {
		from, into := b.add(t, fmt.Sprint("from ", i), "1.00", someDay).Category.ID, b.add(t, fmt.Sprint("into ", i), "2.00", someDay).Category.ID
		if _, err := b.merge(t, from, into); err != nil {
			t.Fatal(err)
		}
		if err := change(from, into); err != nil {
			t.Fatal(err)
		}
		if _, err := b.undoMerge(t, from); !errors.Is(err, fault.Conflict) {
			t.Errorf("an undo after change %d: %v, want Conflict", i, err)
		}
	}
	from, into := b.add(t, "from", "1.00", someDay).Category.ID, b.add(t, "into", "2.00", someDay).Category.ID
	if _, err := b.merge(t, from, into); err != nil {
		t.Fatal(err)
	}
	if _, err := b.UndoCategory(t.Context(), b.in, from, b.basis(1)); !errors.Is(err, fault.Conflict) {
		t.Errorf("at another revision: %v, want Conflict", err)
	}
	// What was removed makes room for its name.
	slip := b.add(t, "from", "1.00", someDay)
	b.edit(t, slip.ID, func(e *expense.Expense) { e.Deleted = true })
	if err := b.remove(t, slip.Category.ID); err != nil {
		t.Fatal(err)
	}
	if back, err := b.undoMerge(t, from); err != nil || back.Name != "from" {
		t.Errorf("undone %+v, %v", back, err)
	}
	b.wantSound(t)
}
