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
			if report.Categories, err = d.categoriesOfYear(query.Year, charted, query.Categories); err != nil {
				return err
			}
		} else {
			first = query.Month
			report.Days = d.days(query.Month)
			report.Categories = d.categoriesOf(query.Month, charted, query.Categories)
		}
		for _, currency := range charted {
			report.Largest = append(report.Largest, d.largest(first, last, currency, query.Largest)...)
		}
		if query.Payers > 0 {
			from, to := query.PaidBetween()
			if report.Paid, err = d.paid.between(from, to, query.Payers); err != nil {
				return err
			}
		}
		return nil
	})
	return report, err
}

// categoriesOfYear returns a year's largest categories of each currency that is charted, at most limit of each: of those that are among
// the largest of one of its months.
func (d *expenseData) categoriesOfYear(year int, charted []money.Currency, limit int) (all []expense.CategoryTotal, err error) {
	for _, currency := range charted {
		sums := make(map[expense.CategoryID]expense.Sum)
		months := d.monthsOf(year, currency)
		for _, month := range months {
			for _, c := range month.largest[:min(expense.CandidateCategoriesOfYear, len(month.largest))] {
				sums[c.category] = expense.Sum{}
			}
		}
		for id, sum := range sums {
			for _, month := range months {
				if sum, err = sum.Plus(month.of[id]); err != nil {
					return nil, err
				}
			}
			sums[id] = sum
		}
		var largest []expense.CategoryTotal
		for id, sum := range sums {
			largest = append(largest, expense.CategoryTotal{Category: d.canonical(id), Total: totalOf(currency, sum)})
		}
		slices.SortFunc(largest, d.byAmount)
		all = append(all, largest[:min(limit, len(largest))]...)
	}
	return all, nil
}

// monthsOf returns the sums of those of a year's months that have expenses in a currency.
func (d *expenseData) monthsOf(year int, currency money.Currency) []*categorySums {
	var months []*categorySums
	for n := range time.December {
		if found := d.totals[civil.Month{Year: year, Month: n + 1}.Number()][currency]; found != nil {
			months = append(months, found)
		}
	}
	return months
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
