package reports

import (
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/planned"
	"expense-tracker/web/internal/words"
)

// year returns the page of a year. The current one is compared by the months that are over.
func (a *Area) year(in *words.Language, actor ledger.Actor, r expense.Report, year int, today civil.Date) view {
	own := actor.Ledger.Currency
	first, last := civil.Date{Year: year, Month: 1, Day: 1}, civil.Date{Year: year, Month: 12, Day: 31}
	v := a.begin(in, actor, r, in.Year(year), first, last, planned.Month{})
	if expense.CanBeIn(year - 1) {
		v.Before = &place{in.Year(year - 1), address.Year(year - 1)}
	}
	if expense.CanBeIn(year + 1) {
		v.After = &place{in.Year(year + 1), address.Year(year + 1)}
	}
	current, over := year == today.Year, time.December
	if current {
		over = today.Month - 1
	}
	var columns []chart.Column
	for month := time.January; month <= time.December; month++ {
		m := civil.Month{Year: year, Month: month}
		columns = append(columns, chart.Column{
			Name: in.Month(m), Short: in.NarrowMonth(m), Amount: money.FromMinor(0, own), Link: address.Month(m),
			Now: m == today.MonthOf(), Future: m.First().Compare(today) > 0,
		})
	}
	all, earlier, begun := money.FromMinor(0, own), money.FromMinor(0, own), time.December+1
	for _, t := range r.Months {
		if t.Amount.Currency() != own {
			continue
		}
		if t.Month.Year == year {
			columns[t.Month.Month-1].Amount = t.Amount
		}
		sum := &all
		if t.Month.Year != year {
			sum, begun = &earlier, time.January
		}
		begun = min(begun, t.Month.Month)
		if t.Month.Month <= over {
			if plus, err := sum.Add(t.Amount); err == nil {
				*sum = plus
			}
		}
	}
	until := reach{}
	if current {
		until.byEnd = in.MonthName(civil.Month{Year: year, Month: max(over, 1)})
	}
	v.compare(in, all, earlier, in.Year(year-1), until)
	var average *money.Amount
	v.Summary = v.Total.Count
	if months := int64(over - begun + 1); months > 0 { // a book that was begun within the year has no months before
		mean := all.DividedBy(months)
		const perMonth words.Phrase = "%s, %s a month on average"
		average, v.Summary = &mean, in.T(perMonth, v.Total.Count, mean)
	}
	v.Bars = chart.NewBars(in, columns, average, own, true)
	v.explain(in, average)
	return v
}
