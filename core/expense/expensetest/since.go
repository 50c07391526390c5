package expensetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
)

// testSince asks for the totals of categories that are named: in their own stretches of months, by month and currency, after merges.
func testSince(t *testing.T, b *fixture) {
	food := b.add(t, "food", "1.00", someDay)
	b.add(t, "food", "2.00", civil.Date{Year: 2025, Month: 12, Day: 31})
	b.add(t, "food", "4.00", civil.Date{Year: 2025, Month: 10, Day: 1})
	snacks := b.add(t, "snacks", "8.00", someDay)
	gone := b.add(t, "gone", "16.00", someDay)
	b.edit(t, gone.ID, func(e *expense.Expense) { e.Deleted = true })
	yen := b.entry(t, "food", "1.00", someDay)
	yen.Price = amount(t, "3", "JPY")
	b.addEntry(t, yen)

	month := func(year, m int) civil.Month { return civil.MonthOfNumber(year*100 + m) }
	since := []expense.Since{
		{Category: 0, From: month(2026, 2)}, {Category: food.Category.ID, From: month(2025, 11)},
		{Category: snacks.Category.ID, From: month(2026, 2)}, {Category: gone.Category.ID, From: month(2026, 2)},
		{Category: 1 << 40, From: month(2025, 1)},
	}
	names := map[expense.CategoryID]string{
		0: "all", food.Category.ID: "food", snacks.Category.ID: "snacks", gone.Category.ID: "gone", 1 << 40: "nobody",
	}
	want := func(what string) {
		t.Helper()
		found, err := b.SpentSince(t.Context(), b.in, since, month(2026, 2))
		if err != nil {
			t.Fatal(err)
		}
		rows := make([]string, 0, len(found))
		for _, s := range found {
			spent := "nothing"
			if !s.Amount.Currency().IsZero() {
				spent = s.Amount.String()
			}
			rows = append(rows, fmt.Sprintf("%s>%s %s %s", names[s.Asked], names[s.Left], s.Month, spent))
		}
		slices.Sort(rows)
		if got := strings.Join(rows, "\n"); got != what {
			t.Errorf("got\n%s\nwant\n%s", got, what)
		}
	}
	want(`all>all 2026-02 3 JPY
all>all 2026-02 9.00 USD
food>food 2025-11 nothing
food>food 2025-12 2.00 USD
food>food 2026-01 nothing
food>food 2026-02 1.00 USD
food>food 2026-02 3 JPY
gone>gone 2026-02 nothing
snacks>snacks 2026-02 8.00 USD`)
	if _, err := b.merge(t, snacks.Category.ID, food.Category.ID); err != nil {
		t.Fatal(err)
	}
	want(`all>all 2026-02 3 JPY
all>all 2026-02 9.00 USD
food>food 2025-11 nothing
food>food 2025-12 2.00 USD
food>food 2026-01 nothing
food>food 2026-02 3 JPY
food>food 2026-02 9.00 USD
gone>gone 2026-02 nothing
snacks>food 2026-02 3 JPY
snacks>food 2026-02 9.00 USD`)
	found, err := b.CategoriesByID(t.Context(), b.in, []expense.CategoryID{snacks.Category.ID, food.Category.ID, 1 << 40})
	if err != nil || len(found) != 2 || found[snacks.Category.ID] != food.Category || found[food.Category.ID] != food.Category {
		t.Errorf("categories %v, %v", found, err)
	}
	if found, err := b.SpentSince(t.Context(), b.in+1, since[1:], month(2026, 2)); err != nil || len(found) != 0 {
		t.Errorf("another ledger has %v, %v", found, err)
	}
}
