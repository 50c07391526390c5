package expensetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

// change changes a category as it is now.
func (b *fixture) change(t failer, id expense.CategoryID, change expense.CategoryChange) (expense.Category, error) {
	t.Helper()
	return b.ChangeCategory(t.Context(), b.in, id, b.basis(b.categoryRevision(t, id)), change)
}

func (b *fixture) archive(t failer, id expense.CategoryID, archived bool) expense.Category {
	t.Helper()
	changed, err := b.change(t, id, expense.CategoryChange{Archived: &archived})
	if err != nil || changed.Archived != archived {
		t.Fatalf("archive %d, %v: %+v, %v", id, archived, changed, err)
	}
	return changed
}

func (b *fixture) remove(t failer, id expense.CategoryID) error {
	t.Helper()
	return b.RemoveCategory(t.Context(), b.in, id, b.basis(b.categoryRevision(t, id)))
}

func testLook(t *testing.T, b *fixture) {
	e := b.add(t, "Groceries", "1.00", someDay)
	if e.Category.Colour == "" || e.Category.Icon != "🛒" {
		t.Errorf("it is created as %+v", e.Category)
	}
	if renamed, err := b.rename(t, e.Category.ID, "Xyz"); err != nil || renamed.Colour != e.Category.Colour || renamed.Icon != "" {
		t.Errorf("renamed %+v, %v, want the same colour", renamed, err)
	}
	look := expense.Look{Colour: "plum", Icon: "👨‍👩‍👧‍👦"}
	basis := b.basis(b.categoryRevision(t, e.Category.ID))
	for range 2 { // and sent again
		changed, err := b.ChangeCategory(t.Context(), b.in, e.Category.ID, basis, expense.CategoryChange{Look: &look})
		if err != nil || changed.Colour != "plum" || changed.Icon != look.Icon || changed.Name != "Xyz" {
			t.Errorf("changed %+v, %v", changed, err)
		}
	}
	other := expense.Look{}
	if _, err := b.ChangeCategory(t.Context(), b.in, e.Category.ID, b.basis(basis.Revision),
		expense.CategoryChange{Look: &other}); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale change: %v, want Conflict", err)
	}
	got, err := b.Get(t.Context(), b.in, e.ID)
	want := expense.NewCategory(e.Category.ID, "Xyz", look, false)
	if err != nil || got.Category != want {
		t.Errorf("the expense has %+v, %v, want %+v", got.Category, err, want)
	}
	overview := b.overview(t, someDay.MonthOf())
	summary, err := b.GetCategory(t.Context(), b.in, want.ID)
	if err != nil || summary.Category != want || overview.Categories[0].Category != want || overview.Frequent[0] != want ||
		overview.Newest[0].Category != want {
		t.Errorf("summary %+v, overview %+v, %v, want %+v", summary, overview, err, want)
	}
	for range 2 { // alone, and in a batch
		if added := b.add(t, "xyz", "1.00", someDay); added.Category != want {
			t.Errorf("an add shows %+v, want %+v", added.Category, want)
		}
		results, err := b.AddAll(t.Context(), b.in, []expense.Entry{b.entry(t, "xyz", "1.00", someDay), b.entry(t, "XYZ", "1.00", someDay)})
		if err != nil || results[1].Receipt.Expense.Category != want {
			t.Errorf("a batch shows %+v, %v, want %+v", results, err, want)
		}
	}
	if _, err := b.change(t, 1<<40, expense.CategoryChange{Look: &look}); !errors.Is(err, fault.NotFound) {
		t.Errorf("a missing category: %v, want NotFound", err)
	}
}

func testArchive(t *testing.T, b *fixture) {
	food, rent := b.add(t, "food", "1.00", someDay).Category, b.add(t, "rent", "1.00", someDay).Category
	b.archive(t, food.ID, true)
	unused := b.add(t, "an unused one", "1.00", someDay)
	b.edit(t, unused.ID, func(e *expense.Expense) { e.Deleted = true })
	suggested, err := b.SuggestCategories(t.Context(), b.in, 10)
	overview := b.overview(t, someDay.MonthOf())
	if got := fmt.Sprint(overview.Suggestions, len(suggested), err, len(overview.Frequent)); got != "[rent] 1 <nil> 1" {
		t.Errorf("suggestions %s", got)
	}
	if added := b.add(t, "food", "1.00", someDay); added.Category.ID != food.ID || !added.Category.Archived {
		t.Errorf("an add by its name went to %+v", added.Category)
	}
	listed, err := b.ListCategories(t.Context(), b.in, "", 10)
	if err != nil || len(listed) != 3 || !listed[1].Category.Archived || listed[2].Category != rent {
		t.Errorf("categories %+v, %v, want both", listed, err)
	}
	if back := b.archive(t, food.ID, false); back != food {
		t.Errorf("brought back as %+v, want %+v", back, food)
	}
	b.wantSound(t)
}

func testRemove(t *testing.T, b *fixture) {
	e := b.add(t, "food", "1.00", someDay)
	rent := b.add(t, "rent", "1.00", someDay).Category
	if err := b.remove(t, e.Category.ID); !errors.Is(err, fault.Conflict) {
		t.Errorf("one with an expense: %v, want Conflict", err)
	}
	b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	basis := b.basis(b.categoryRevision(t, e.Category.ID))
	for range 2 { // and sent again
		if err := b.RemoveCategory(t.Context(), b.in, e.Category.ID, basis); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.GetCategory(t.Context(), b.in, e.Category.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("a removed category: %v, want NotFound", err)
	}
	if _, err := b.CategoryNamed(t.Context(), b.in, "food"); !errors.Is(err, fault.NotFound) {
		t.Errorf("its name: %v, want NotFound", err)
	}
	if _, err := b.rename(t, e.Category.ID, "x"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a rename of it: %v, want NotFound", err)
	}
	if _, err := b.merge(t, rent.ID, e.Category.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("a merge into it: %v, want NotFound", err)
	}
	b.wantCategories(t, "[rent]")
	if got, err := b.Get(t.Context(), b.in, e.ID); err != nil || got.Category.Name != "food" {
		t.Errorf("the deleted expense is %+v, %v", got, err)
	}
	b.wantSound(t)
	b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = false })
	b.wantCategories(t, "[food rent]")
	b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	if err := b.remove(t, e.Category.ID); err != nil {
		t.Fatal(err)
	}
	if again := b.add(t, "FOOD", "2.00", someDay); again.Category.ID != e.Category.ID {
		t.Errorf("an add of its name went to %+v", again.Category)
	}
	b.wantCategories(t, "[food rent]")
	b.wantTotal(t, "3.00 USD (2)")
	fun := b.add(t, "fun", "1.00", someDay)
	b.edit(t, fun.ID, func(e *expense.Expense) { e.Deleted = true })
	if err := b.remove(t, fun.Category.ID); err != nil {
		t.Fatal(err)
	}
	if renamed, err := b.rename(t, rent.ID, "Fun"); err != nil || renamed.Name != "Fun" {
		t.Errorf("a rename to a removed one's name: %+v, %v", renamed, err)
	}
	if added := b.add(t, "fun", "1.00", someDay); added.Category.ID != rent.ID {
		t.Errorf("an add of the name went to %+v", added.Category)
	}
	b.wantSound(t)
}

// removed deletes an expense and removes its category.
func (b *fixture) removed(t failer, e expense.Expense) expense.Expense {
	t.Helper()
	deleted := b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	if err := b.remove(t, deleted.Category.ID); err != nil {
		t.Fatal(err)
	}
	return deleted
}

func testRemovedNameTaken(t *testing.T, b *fixture) {
	rent, tea, fun := b.add(t, "rent", "1.00", someDay), b.add(t, "tea", "2.00", someDay), b.add(t, "fun", "4.00", someDay)
	if _, err := b.merge(t, tea.Category.ID, fun.Category.ID); err != nil {
		t.Fatal(err)
	}
	b.edit(t, tea.ID, func(e *expense.Expense) { e.Deleted = true })
	b.removed(t, fun)
	if _, err := b.rename(t, rent.Category.ID, "Fun"); err != nil {
		t.Fatal(err)
	}
	b.wantSound(t)
	for _, e := range []expense.Expense{tea, fun} {
		if back := b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = false }); back.Category.ID != rent.Category.ID {
			t.Errorf("expense %d is back in %+v, want the category of that name", e.ID, back.Category)
		}
	}
	b.wantCategories(t, "[Fun]")
	if summary, err := b.GetCategory(t.Context(), b.in, rent.Category.ID); err != nil || totals(summary.Totals) != "7.00 USD (3)" {
		t.Errorf("it has %s, %v", totals(summary.Totals), err)
	}
	for _, e := range []expense.Expense{fun, tea} {
		if _, err := b.undoMerge(t, e.Category.ID); !errors.Is(err, fault.Conflict) {
			t.Errorf("an undo of a merge that nobody made: %v, want Conflict", err)
		}
	}
	food := b.add(t, "food", "8.00", someDay)
	if _, err := b.merge(t, food.Category.ID, rent.Category.ID); err != nil {
		t.Fatal(err)
	}
	since := b.removed(t, b.add(t, "food", "16.00", someDay))
	if _, err := b.undoMerge(t, food.Category.ID); err != nil {
		t.Fatal(err)
	}
	back := b.edit(t, since.ID, func(e *expense.Expense) { e.Deleted = false })
	if back.Category != food.Category {
		t.Errorf("what was removed since the merge is back in %+v", back.Category)
	}
	b.wantCategories(t, "[food Fun]")
	b.wantSound(t)
}

// wantCategories checks which categories are listed and suggested.
func (b *fixture) wantCategories(t *testing.T, want string) {
	t.Helper()
	listed, err := b.ListCategories(t.Context(), b.in, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	var names []expense.CategoryName
	for _, c := range listed {
		names = append(names, c.Category.Name)
	}
	if got, suggested := fmt.Sprint(names), fmt.Sprint(b.overview(t, someDay.MonthOf()).Suggestions); got != want || suggested != want {
		t.Errorf("categories %s, suggested %s, want %s", got, suggested, want)
	}
}

// Refunds of a third category keep the total of all small, while two others together are more than 64 bits hold. They stay apart.
func testMergeOverflow(t *testing.T, b *fixture) {
	const each, back = 4_700, 200 // the largest 64-bit number has room for 9,223 prices of 999,999,999,999,999
	var all []expense.Entry
	for _, of := range []struct {
		category string
		n        int
		refund   bool
	}{{"yacht", each, false}, {"sold", back, true}, {"boat", each, false}} {
		for range of.n {
			entry := b.entry(t, of.category, "9999999999999.99", someDay)
			entry.Refund = of.refund
			all = append(all, entry)
		}
	}
	ids := make(map[expense.CategoryName]expense.CategoryID)
	for part := range slices.Chunk(all, 2500) {
		for _, added := range b.addEntries(t, part) {
			ids[added.Category.Name] = added.Category.ID
		}
	}
	before := b.state(t)
	if _, err := b.merge(t, ids["yacht"], ids["boat"]); !errors.Is(err, fault.Invalid) {
		t.Errorf("a merge beyond the room: %v, want Invalid", err)
	}
	if now := b.state(t); now != before {
		t.Errorf("it was refused and made the state %v of %v", now, before)
	}
	for _, name := range []expense.CategoryName{"yacht", "boat"} {
		summary, err := b.GetCategory(t.Context(), b.in, ids[name])
		if has := totals(summary.Totals); err != nil || has != "46999999999999953.00 USD (4700)" {
			t.Errorf("%s has %s, %v", name, has, err)
		}
	}
	if _, err := b.merge(t, ids["sold"], ids["boat"]); err != nil {
		t.Errorf("a merge that fits: %v", err)
	}
	b.wantSound(t)
}
