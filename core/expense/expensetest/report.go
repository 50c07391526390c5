package expensetest

import (
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
)

func days(list []expense.DayTotal) (text string) {
	for i, d := range list {
		if i > 0 {
			text += ", "
		}
		text += d.Day.String() + " " + totals([]expense.Total{d.Total})
	}
	return text
}

func testDays(t *testing.T, b *fixture) {
	first := b.add(t, "food", "1.00", someDay)
	b.add(t, "rent", "2.00", someDay)
	b.add(t, "rent", "4.00", someDay.AddDays(-1))
	b.add(t, "rent", "8.00", someDay.AddDays(-28)) // the last of January
	b.add(t, "rent", "16.00", someDay.AddDays(-59))
	b.add(t, "rent", "16.00", someDay.AddDays(1))
	yen := b.entry(t, "food", "1", someDay)
	yen.Price, yen.Refund = amount(t, "7", "JPY"), true
	b.addEntry(t, yen)
	b.addEntry(t, func() expense.Entry { e := b.entry(t, "food", "0.50", someDay); e.Refund = true; return e }())
	want := func(want string) {
		t.Helper()
		if got := days(b.overview(t, someDay.MonthOf()).Days); got != want {
			t.Errorf("days %s\nwant %s", got, want)
		}
		b.wantSound(t)
	}
	want("2026-02-28 -7 JPY (1), 2026-01-31 8.00 USD (1), 2026-02-27 4.00 USD (1), 2026-02-28 2.50 USD (3)")
	b.edit(t, first.ID, func(e *expense.Expense) { e.Date = someDay.AddDays(-1) })
	want("2026-02-28 -7 JPY (1), 2026-01-31 8.00 USD (1), 2026-02-27 5.00 USD (2), 2026-02-28 1.50 USD (2)")
	b.edit(t, first.ID, func(e *expense.Expense) { e.Deleted = true })
	want("2026-02-28 -7 JPY (1), 2026-01-31 8.00 USD (1), 2026-02-27 4.00 USD (1), 2026-02-28 1.50 USD (2)")
	b.edit(t, first.ID, func(e *expense.Expense) { e.Deleted, e.Price = false, amount(t, "3", "JPY") })
	want("2026-02-27 3 JPY (1), 2026-02-28 -7 JPY (1), 2026-01-31 8.00 USD (1), 2026-02-27 4.00 USD (1), 2026-02-28 1.50 USD (2)")
}

func testFrequent(t *testing.T, b *fixture) {
	for i, name := range []string{"once", "thrice", "twice", "thrice", "twice", "thrice", "last"} {
		b.add(t, name, "1.00", someDay.AddDays(i))
	}
	for i := range expense.FrequentAmong { // of long ago
		b.add(t, "before", "1.00", someDay.AddDays(-1-i))
	}
	names := func(limit int) string {
		t.Helper()
		o, err := b.Overview(t.Context(), b.in, expense.OverviewQuery{Month: someDay.MonthOf(), Newest: 2, Suggestions: 100, Frequent: limit})
		if err != nil || len(o.Newest) != 2 {
			t.Fatal(len(o.Newest), err)
		}
		var all []expense.CategoryName
		for _, c := range o.Frequent {
			all = append(all, c.Name)
		}
		return fmt.Sprint(all)
	}
	b.archive(t, b.add(t, "archived", "1.00", someDay.AddDays(9)).Category.ID, true)
	gone := b.add(t, "unused", "1.00", someDay)
	b.edit(t, gone.ID, func(e *expense.Expense) { e.Deleted = true })
	if got := names(8); got != "[before thrice twice last once]" {
		t.Errorf("frequent %s", got)
	}
	if got := names(2) + names(0); got != "[before thrice][]" {
		t.Errorf("frequent %s", got)
	}
}

func (b *fixture) report(t failer, query expense.ReportQuery) expense.Report {
	t.Helper()
	query.Currency, query.Currencies = "USD", 10
	report, err := b.Report(t.Context(), b.in, query)
	if err != nil {
		t.Fatalf("report: %v", err)
	}
	if state := b.state(t); report.State != state {
		t.Errorf("state %v, want %v", report.State, state)
	}
	return report
}

// fillYears adds expenses of three years, in two currencies, with refunds and deleted ones.
func (b *fixture) fillYears(t *testing.T) {
	on := func(year int, month time.Month, day int, category, price string) expense.Expense {
		return b.add(t, category, price, civil.Date{Year: year, Month: month, Day: day})
	}
	on(2024, time.December, 31, "food", "1.00")
	on(2025, time.January, 1, "food", "2.00")
	on(2025, time.February, 28, "food", "4.00")
	on(2025, time.December, 31, "rent", "8.00")
	on(2026, time.January, 31, "rent", "16.00")
	on(2026, time.February, 1, "rent", "32.00")
	on(2026, time.February, 1, "food", "64.00")
	on(2026, time.February, 28, "fun", "64.00")
	on(2026, time.February, 28, "books", "0.50")
	on(2026, time.March, 1, "food", "128.00")
	on(2027, time.January, 1, "food", "999.00")
	deleted := on(2026, time.February, 3, "food", "5000.00")
	b.edit(t, deleted.ID, func(e *expense.Expense) { e.Deleted = true })
	refund := b.entry(t, "food", "1000.00", someDay)
	refund.Refund = true
	b.addEntry(t, refund)
	yen := b.entry(t, "food", "1", someDay)
	yen.Price = amount(t, "7", "JPY")
	b.addEntry(t, yen)
}

func testMonthReport(t *testing.T, b *fixture) {
	b.fillYears(t)
	r := b.report(t, expense.ReportQuery{Month: someDay.MonthOf(), Categories: 2, Largest: 2})
	for what, pair := range map[string][2]string{
		"total":       {totals(r.Totals), "7 JPY (1), -839.50 USD (5)"},
		"before":      {totals(r.Before), "16.00 USD (1)"},
		"year before": {totals(r.YearBefore), "4.00 USD (1)"},
		"months": {trend(r.Months), "2026-02 7 JPY (1), 2025-02 4.00 USD (1), 2025-12 8.00 USD (1), " +
			"2026-01 16.00 USD (1), 2026-02 -839.50 USD (5)"},
		"days":       {days(r.Days), "2026-02-28 7 JPY (1), 2026-02-01 96.00 USD (2), 2026-02-28 -935.50 USD (3)"},
		"categories": {categories(r.Categories), "food 7 JPY (1), fun 64.00 USD (1), rent 32.00 USD (1)"},
		"largest":    {largest(r), "food 7 JPY, fun 64.00 USD, food 64.00 USD"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s\nwant %s", what, pair[0], pair[1])
		}
	}
}

func testYearReport(t *testing.T, b *fixture) {
	b.fillYears(t)
	r := b.report(t, expense.ReportQuery{Year: 2026, Categories: 2, Largest: 3})
	for what, pair := range map[string][2]string{
		"total":       {totals(r.Totals), "7 JPY (1), -695.50 USD (7)"},
		"before":      {totals(r.Before), "14.00 USD (3)"},
		"year before": {totals(r.YearBefore), ""},
		"months": {trend(r.Months), "2026-02 7 JPY (1), 2025-01 2.00 USD (1), 2025-02 4.00 USD (1), 2025-12 8.00 USD (1), " +
			"2026-01 16.00 USD (1), 2026-02 -839.50 USD (5), 2026-03 128.00 USD (1)"},
		"days":       {days(r.Days), ""},
		"categories": {categories(r.Categories), "food 7 JPY (1), fun 64.00 USD (1), rent 48.00 USD (2)"},
		"largest":    {largest(r), "food 7 JPY, food 128.00 USD, fun 64.00 USD, food 64.00 USD"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s\nwant %s", what, pair[0], pair[1])
		}
	}
}

func testEmptyReport(t *testing.T, b *fixture) {
	for _, query := range []expense.ReportQuery{{Month: someDay.MonthOf(), Categories: 2, Largest: 2},
		{Year: 1900, Categories: 2, Largest: 2}} {
		r := b.report(t, query)
		if n := len(r.Totals) + len(r.Before) + len(r.YearBefore) + len(r.Months) + len(r.Days) + len(r.Categories) +
			len(r.Largest); n != 0 {
			t.Errorf("%+v", r)
		}
	}
}

func largest(r expense.Report) (text string) {
	for i, e := range r.Largest {
		if i > 0 {
			text += ", "
		}
		text += string(e.Category.Name) + " " + e.Price.String()
	}
	return text
}
