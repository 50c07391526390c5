package expensetest

import (
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

func testEmpty(t *testing.T, b *fixture) {
	if state := b.state(t); state != (ledger.State{}) {
		t.Errorf("state %v, want none", state)
	}
	if got := b.list(t, expense.ListQuery{Limit: 10}); len(got) != 0 {
		t.Errorf("list %+v", got)
	}
	overview := b.overview(t, someDay.MonthOf())
	shown := len(overview.Newest) + len(overview.AllTime) + len(overview.Month) + len(overview.Categories) + len(overview.Trend) +
		len(overview.Suggestions)
	if overview.State != (ledger.State{}) || shown != 0 {
		t.Errorf("overview %+v", overview)
	}
	if entries, err := b.CountExpenses(t.Context()); err != nil || entries != 0 {
		t.Errorf("%d entries, %v", entries, err)
	}
	if ledgers, err := b.Ledgers(t.Context()); err != nil || len(ledgers) != 0 {
		t.Errorf("ledgers %v, %v", ledgers, err)
	}
	b.wantSound(t)
}

func testIsolation(t *testing.T, b *fixture) {
	other := &fixture{Store: b.Store, in: b.in + 1, keys: 0}
	mine, theirs := b.add(t, "food", "1.00", someDay), other.add(t, "food", "2.00", someDay) // with the same key
	if mine.Category.ID == theirs.Category.ID {
		t.Errorf("both use category %d", mine.Category.ID)
	}
	if _, err := b.Get(t.Context(), b.in, theirs.ID); err == nil {
		t.Error("got an expense of another ledger")
	}
	if _, err := b.Change(t.Context(), b.in, theirs.ID, b.basis(1), revised(func(*expense.Expense) {})); err == nil {
		t.Error("changed an expense of another ledger")
	}
	if _, err := b.RenameCategory(t.Context(), b.in, theirs.Category.ID, b.basis(1), "x"); err == nil {
		t.Error("renamed a category of another ledger")
	}
	if _, err := b.MergeCategory(t.Context(), b.in, mine.Category.ID, b.basis(1), theirs.Category.ID); err == nil {
		t.Error("merged into a category of another ledger")
	}
	b.wantTotal(t, "1.00 USD (1)")
	other.wantTotal(t, "2.00 USD (1)")
	if got := other.list(t, expense.ListQuery{Limit: 10}); len(got) != 1 || got[0] != theirs {
		t.Errorf("list %+v", got)
	}
	if n, err := b.CountExpenses(t.Context()); err != nil || n != 2 {
		t.Errorf("%d entries in all ledgers, %v, want 2", n, err)
	}
	if got, err := b.Ledgers(t.Context()); err != nil || fmt.Sprint(got) != fmt.Sprint([]ledger.ID{b.in, other.in}) {
		t.Errorf("ledgers %v, %v", got, err)
	}
}

func testOverview(t *testing.T, b *fixture) {
	january := civil.Date{Year: 2026, Month: time.January, Day: 31}
	b.add(t, "food", "10.00", someDay)
	b.add(t, "food", "0.10", someDay)
	b.add(t, "Books", "20.00", someDay)
	b.add(t, "rent", "10.10", someDay)
	newest := b.add(t, "rent", "500.00", someDay.AddDays(40))
	b.add(t, "food", "3.00", january)
	b.add(t, "food", "4.00", civil.Date{Year: 2025, Month: time.March, Day: 1})
	b.add(t, "food", "5.00", civil.Date{Year: 2025, Month: time.February, Day: 28}) // before the trend
	yen := b.entry(t, "food", "1", someDay)
	yen.Price = amount(t, "1200", "JPY")
	b.addEntry(t, yen)

	overview := b.overview(t, someDay.MonthOf())
	if len(overview.Newest) != 9 || overview.Newest[0] != newest {
		t.Errorf("newest %v", ids(overview.Newest))
	}
	for what, pair := range map[string][2]string{
		"all time":    {totals(overview.AllTime), "1200 JPY (1), 552.20 USD (8)"},
		"month":       {totals(overview.Month), "1200 JPY (1), 40.20 USD (4)"},
		"categories":  {categories(overview.Categories), "food 1200 JPY (1), Books 20.00 USD (1), food 10.10 USD (2), rent 10.10 USD (1)"},
		"trend":       {trend(overview.Trend), "2026-02 1200 JPY (1), 2025-03 4.00 USD (1), 2026-01 3.00 USD (1), 2026-02 40.20 USD (4)"},
		"suggestions": {fmt.Sprint(overview.Suggestions), "[Books food rent]"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s\nwant %s", what, pair[0], pair[1])
		}
	}
	b.wantSound(t)
}

func testOverviewLimits(t *testing.T, b *fixture) {
	for i := range 6 {
		b.add(t, fmt.Sprint("category ", i), fmt.Sprintf("%d.00", 10+i), someDay)
	}
	overview, err := b.Overview(t.Context(), b.in, expense.OverviewQuery{Month: someDay.MonthOf(), Newest: 2, Months: 1, Categories: 3,
		Suggestions: 4, Currency: "USD", Currencies: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(overview.Newest) != 2 || len(overview.Suggestions) != 4 {
		t.Errorf("%d newest and %d suggestions, want 2 and 4", len(overview.Newest), len(overview.Suggestions))
	}
	if got, want := categories(overview.Categories),
		"category 5 15.00 USD (1), category 4 14.00 USD (1), category 3 13.00 USD (1)"; got != want {
		t.Errorf("categories %s, want %s", got, want)
	}
}

func testAudit(t *testing.T, b *fixture) {
	e := b.add(t, "food", "1.00", someDay)
	b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	b.add(t, "rent", "2.00", someDay)
	for _, repair := range []bool{false, true, false} {
		differences, err := b.Audit(t.Context(), b.in, repair)
		if err != nil || len(differences) != 0 {
			t.Errorf("repair %v: %+v, %v", repair, differences, err)
		}
	}
	b.wantTotal(t, "2.00 USD (1)")
}

func categories(list []expense.CategoryTotal) (text string) {
	for i, c := range list {
		if i > 0 {
			text += ", "
		}
		text += string(c.Category.Name) + " " + totals([]expense.Total{c.Total})
	}
	return text
}

func trend(list []expense.MonthTotal) (text string) {
	for i, m := range list {
		if i > 0 {
			text += ", "
		}
		text += m.Month.String() + " " + totals([]expense.Total{m.Total})
	}
	return text
}
