package reports

import (
	"context"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// month returns the page of a month. The current one is compared with others by the same day.
func (a *Area) month(
	ctx context.Context, in *words.Language, actor ledger.Actor, r expense.Report, month civil.Month, today civil.Date,
) (view, error) {
	own, length := actor.Ledger.Currency, month.Last().Day
	left, err := a.Plans.Of(ctx, in, actor, month, today)
	if err != nil {
		return view{}, err
	}
	v := a.begin(in, actor, r, in.Month(month), month.First(), civil.Date{Year: month.Year, Month: month.Month, Day: length}, left)
	before, after, yearEarlier := month.AddMonths(-1), month.AddMonths(1), month.AddMonths(-12)
	if expense.CanBeIn(before.Year) {
		v.Before = &place{in.Month(before), address.Month(before)}
	}
	if expense.CanBeIn(after.Year) {
		v.After = &place{in.Month(after), address.Month(after)}
	}
	v.Year = &place{in.Year(month.Year), address.Year(month.Year)}
	all, reached, exact := total.In(r.Totals, own), length, true
	earlier, yearBefore := total.In(r.Before, own), total.In(r.YearBefore, own)
	current := month == today.MonthOf()
	if current {
		reached = today.Day
		all, err = chart.SpentBy(r.Days, month, today.Day, own)
		exact = err == nil
		for of, amount := range map[civil.Month]*money.Amount{before: &earlier, yearEarlier: &yearBefore} {
			if amount.IsZero() {
				continue
			}
			days, err := a.service.DaysOf(ctx, actor, of)
			if err != nil {
				return view{}, err
			}
			if *amount, err = chart.SpentBy(days, of, today.Day, own); err != nil {
				*amount = money.FromMinor(0, own) // which nothing is compared with
			}
		}
	}
	var average *money.Amount // nil where what it is of cannot be kept exactly
	v.Summary = v.Total.Count
	if exact {
		v.compare(in, all, earlier, in.MonthName(before), reach{byDay: current})
		v.compare(in, all, yearBefore, in.Month(yearEarlier), reach{byDay: current})
		mean := all.DividedBy(int64(reached))
		average = &mean
		const perDay words.Phrase = "%s, %s a day on average"
		v.Summary = in.T(perDay, v.Total.Count, mean)
	}
	v.Bars, v.ByDay = chart.NewBars(in, days(in, v.Places.Search, r.Days, month, today, own), average, own, false), true
	v.explain(in, average)
	return v, nil
}

// days returns a column for each day of a month.
func days(in *words.Language, search string, totals []expense.DayTotal, month civil.Month, today civil.Date,
	own money.Currency) []chart.Column {
	length := month.Last().Day
	several := slices.ContainsFunc(totals, func(t expense.DayTotal) bool { return t.Amount.Currency() != own })
	columns := make([]chart.Column, length)
	for i := range columns {
		day := civil.Date{Year: month.Year, Month: month.Month, Day: i + 1}
		c := chart.Column{Name: in.ShortDay(day, month.First().AddDays(-2)), Amount: money.FromMinor(0, own), Now: day == today,
			Future: day.Compare(today) > 0}
		if n := i + 1; c.Now || (n == 1 || n == 8 || n == 15 || n == 22 || n == length) && !near(day, today) {
			c.Short = in.Number(int64(n))
		}
		columns[i] = c
	}
	for _, t := range totals {
		if t.Amount.Currency() == own {
			c := &columns[t.Day.Day-1]
			c.Amount, c.Link, c.Future = t.Amount, address.Spent(search, t.Day, t.Day), false
			if several {
				c.Link = address.InCurrency(search, c.Link, own.Code())
			}
		}
	}
	return columns
}

// near reports whether the name of a day would run into today's.
func near(day, today civil.Date) bool {
	return day != today && day.AddDays(-2).Compare(today) <= 0 && day.AddDays(2).Compare(today) >= 0
}
