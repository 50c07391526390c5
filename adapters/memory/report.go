package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Report implements expense.TotalStore. It looks at each expense of the month or the year.
func (s *expenseStore) Report(_ context.Context, in ledger.ID, query expense.ReportQuery) (report expense.Report, err error) {
	err = s.read(in, func(d *expenseData) error {
		first, last := query.Span()
		if report, err = query.Begin(d.trend(last, (last.Year-first.Year)*12+int(last.Month-first.Month)+1)); err != nil {
			return err
		}
		report.State = s.db.row(in).state
		charted := query.Charted(report.Totals)
		if query.Month.IsZero() {
			first = civil.Month{Year: query.Year, Month: 1}
			report.Categories = d.categoriesOfYear(query.Year, charted, query.Categories)
		} else {
			first = query.Month
			report.Days = d.days(query.Month)
			report.Categories = d.categoriesOf(query.Month, charted, query.Categories)
		}
		for _, currency := range charted {
			report.Largest = append(report.Largest, d.largest(first, last, currency, query.Largest)...)
		}
		return report.AddRest(charted)
	})
	return report, err
}

// categoriesOfYear returns a year's largest categories of each currency that is charted, at most limit of each.
func (d *expenseData) categoriesOfYear(year int, charted []money.Currency, limit int) []expense.CategoryTotal {
	var all []expense.CategoryTotal
	for _, currency := range charted {
		sums := make(map[expense.CategoryID]expense.Sum)
		for n := range 12 {
			month := civil.Month{Year: year, Month: time.Month(n + 1)}
			found := d.totals[month.Number()][currency]
			if found == nil {
				continue
			}
			for _, c := range found.largest {
				of := found.of[c.category]
				sums[c.category] = expense.Sum{Count: sums[c.category].Count + of.Count, Minor: sums[c.category].Minor + of.Minor}
			}
		}
		var largest []expense.CategoryTotal
		for id, sum := range sums {
			largest = append(largest, expense.CategoryTotal{Category: d.canonical(id), Total: totalOf(currency, sum)})
		}
		slices.SortFunc(largest, d.byAmount)
		all = append(all, largest[:min(limit, len(largest))]...)
	}
	return all
}

// largest returns the largest expenses in a currency from the first month to the last, at most limit.
func (d *expenseData) largest(first, last civil.Month, currency money.Currency, limit int) []expense.Expense {
	from, _ := d.place(expense.Position{Date: first.First()})
	to, _ := d.place(expense.Position{Date: last.First().AddDays(31).MonthOf().First()})
	var found []*row
	for _, position := range d.list[from:to] {
		if r := d.rows[position.ID]; r.Price.Currency() == currency && !r.Refund {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(x, y *row) int {
		return cmp.Or(cmp.Compare(y.Price.Minor(), x.Price.Minor()), cmp.Compare(y.ID, x.ID))
	})
	var largest []expense.Expense
	for _, r := range found[:min(limit, len(found))] {
		largest = append(largest, d.shown(r))
	}
	return largest
}
