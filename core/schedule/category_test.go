package schedule_test

import (
	"testing"

	"expense-tracker/core/expense"
)

// The category of what was made last may have been changed by hand: a merge says where the repeat's own has gone.
func TestAMergedCategoryIsFollowedAndNotThatOfTheLastExpense(t *testing.T) {
	w := newWorld(t)
	id := w.create(draft("weekly", "2026-11-23", "5")).ID
	w.catchUp()
	last := expense.ID(w.get(id).Progress.Last)
	housing, err := w.expenses.Add(t.Context(), owner, expense.Draft{Category: "housing", Price: "1", Date: "2026-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	made, err := w.expenses.Get(t.Context(), owner, last)
	if err != nil {
		t.Fatal(err)
	}
	rent, err := w.expenses.Category(t.Context(), owner, made.Category.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.expenses.MergeCategory(t.Context(), owner, rent.Category.ID, rent.Seen(), housing.Expense.Category.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.expenses.Edit(t.Context(), owner, last, made.Seen(),
		expense.Draft{Category: "gifts", Price: "5", Date: "2026-11-23"}); err != nil {
		t.Fatal(err)
	}
	w.today("2026-11-30")
	w.catchUp()
	w.want("2026-01-01 1.00 housing, 2026-11-23 5.00 gifts, 2026-11-30 5.00 housing")
}
