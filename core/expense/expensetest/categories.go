package expensetest

import (
	"errors"
	"fmt"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

func testCategoryCase(t *testing.T, b *fixture) {
	first := b.add(t, "Straße", "1.00", someDay)
	for _, spelling := range []string{"straße", "STRASSE", "strasse"} {
		if got := b.add(t, spelling, "1.00", someDay).Category; got != first.Category {
			t.Errorf("%s is %+v, want %+v", spelling, got, first.Category)
		}
	}
	if other := b.add(t, "Strass", "1.00", someDay).Category; other.ID == first.Category.ID {
		t.Error("another name is the same category")
	}
}

func testRename(t *testing.T, b *fixture) {
	food := b.add(t, "food", "1.00", someDay)
	rent := b.add(t, "rent", "2.00", someDay)
	renamed, err := b.rename(t, food.Category.ID, "Meals")
	if want := expense.NewCategory(food.Category.ID, "Meals", expense.Look{}, false); err != nil || renamed != want {
		t.Errorf("renamed %+v, %v, want %+v", renamed, err, want)
	}
	if got, err := b.Get(t.Context(), b.in, food.ID); err != nil || got.Category != renamed || got.Revision != 1 {
		t.Errorf("the expense is %+v, %v: want it under Meals, not rewritten", got, err)
	}
	if got := b.add(t, "meals", "1.00", someDay).Category; got != renamed {
		t.Errorf("an add under the new name went to %+v", got)
	}
	if got := b.add(t, "food", "1.00", someDay).Category; got.ID == renamed.ID {
		t.Error("an add under the old name went to the renamed category")
	}
	if _, err := b.rename(t, rent.Category.ID, "MEALS"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a name that is taken: %v, want Conflict", err)
	}
	if got, err := b.rename(t, rent.Category.ID, "RENT"); err != nil || got.Name != "RENT" {
		t.Errorf("another case: %+v, %v", got, err)
	}
	if _, err := b.rename(t, 1<<40, "x"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a missing category: %v, want NotFound", err)
	}
	b.wantSound(t)
}

func testMerge(t *testing.T, b *fixture) {
	food := b.add(t, "food", "1.00", someDay)
	snacks := b.add(t, "snacks", "2.00", someDay)
	sweets := b.add(t, "sweets", "4.00", someDay)
	for _, merge := range [][2]expense.CategoryID{{sweets.Category.ID, snacks.Category.ID}, {snacks.Category.ID, food.Category.ID}} {
		if left, err := b.merge(t, merge[0], merge[1]); err != nil || left.ID != merge[1] {
			t.Fatalf("merge %v: %+v, %v", merge, left, err)
		}
	}
	for _, id := range []expense.ID{food.ID, snacks.ID, sweets.ID} {
		if got, err := b.Get(t.Context(), b.in, id); err != nil || got.Category != food.Category || got.Revision != 1 {
			t.Errorf("%+v, %v, want it under food, not rewritten", got, err)
		}
	}
	overview := b.overview(t, someDay.MonthOf())
	if got, want := categories(overview.Categories)+fmt.Sprint(overview.Suggestions), "food 7.00 USD (3)[food]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	summary, err := b.GetCategory(t.Context(), b.in, food.Category.ID)
	if err != nil || totals(summary.Totals) != "7.00 USD (3)" {
		t.Errorf("summary %+v, %v", summary, err)
	}
	for _, id := range []expense.CategoryID{snacks.Category.ID, 1 << 40} {
		if _, err := b.GetCategory(t.Context(), b.in, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("get %d: %v, want NotFound", id, err)
		}
		if _, err := b.merge(t, id, food.Category.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("merge from %d: %v, want NotFound", id, err)
		}
		if _, err := b.merge(t, food.Category.ID, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("merge into %d: %v, want NotFound", id, err)
		}
		if _, err := b.rename(t, id, "x"); !errors.Is(err, fault.NotFound) {
			t.Errorf("rename %d: %v, want NotFound", id, err)
		}
	}
	if got := b.edit(t, sweets.ID, func(e *expense.Expense) { e.Price = amount(t, "5.00", "USD") }); got.Category != food.Category {
		t.Errorf("an edit of a merged expense gave %+v", got)
	}
	if again := b.add(t, "snacks", "8.00", someDay); again.Category.ID == snacks.Category.ID || again.Category.ID == food.Category.ID {
		t.Errorf("the freed name leads to %+v, want a new category", again.Category)
	}
	b.edit(t, sweets.ID, func(e *expense.Expense) { e.Deleted = true })
	b.wantTotal(t, "11.00 USD (3)")
	b.wantSound(t)
}

func testCategoryPages(t *testing.T, b *fixture) {
	for _, name := range []string{"delta", "Alpha", "charlie", "Bravo"} {
		b.add(t, name, "1.00", someDay)
		b.add(t, name, "0.50", someDay)
	}
	var names []expense.CategoryName
	after := ""
	for {
		page, err := b.ListCategories(t.Context(), b.in, after, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, summary := range page {
			names = append(names, summary.Category.Name)
			if got := totals(summary.Totals); got != "1.50 USD (2)" {
				t.Errorf("%s: %s", summary.Category.Name, got)
			}
		}
		after = page[len(page)-1].Category.Name.Key()
	}
	if got := fmt.Sprint(names); got != "[Alpha Bravo charlie delta]" {
		t.Errorf("categories %s", got)
	}
}
