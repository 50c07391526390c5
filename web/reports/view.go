package reports

import (
	"context"
	"slices"
	"strings"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/altogether"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/planned"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// view is the page of a month or a year.
type view struct {
	page.Layout
	Name          string
	Before, After *place // nil where nothing can be spent any more
	Year          *place // of a month
	Total         total.View
	Summary       string
	Also          []string         // the totals of other currencies
	Altogether    *altogether.Line // what all of them make; nil if there is nothing to say
	Planned       *planned.Line    // what is left of the month's budget; nil without one
	Changes       []changeView
	Spent         []chart.Spent
	Bars          *chart.Bars
	ByDay         bool
	Average       string
	Cut           string
	Largest       []row.View
	All           string // address of all its expenses
	Empty         bool
}

// place is a link to another report.
type place struct{ Name, Address string }

// changeView says how the total compares with another.
type changeView struct {
	Before, Strong, After string // a sentence with a part that matters most
	Detail                string
	More                  bool
}

// largestShown is how many categories stand above everything else.
const largestShown = 8

// render renders a report for the shelf. What holds nothing is not worth keeping: anybody can make up months.
func (a *Area) render(
	ctx context.Context, in *words.Language, actor ledger.Actor, of span, now keptpage.Moment,
) ([]byte, keptpage.Moment, error) {
	var shown view
	var report expense.Report
	var err error
	if of.Month == 0 {
		report, err = a.service.YearReport(ctx, actor, of.Year)
		if err == nil {
			shown = a.year(in, actor, report, of.Year, now.Day)
		}
	} else {
		month := civil.Month(of)
		if report, err = a.service.MonthReport(ctx, actor, month); err == nil {
			shown, err = a.month(ctx, in, actor, report, month, now.Day)
		}
	}
	if err != nil {
		return nil, keptpage.Moment{}, err
	}
	shown.Altogether, err = a.Sums.Of(ctx, in, actor, report.Totals, altogether.DayOf(of.last(), now.Day), now.Day)
	if err != nil {
		return nil, keptpage.Moment{}, err
	}
	content, err := a.page.Render(shown)
	if shown.Empty {
		return content, keptpage.Moment{}, err
	}
	return content, keptpage.Moment{State: report.State, Day: now.Day}, err
}

// begin returns what months and years have in common.
func (a *Area) begin(
	in *words.Language, actor ledger.Actor, r expense.Report, name string, first, last civil.Date, left planned.Month,
) view {
	own := actor.Ledger.Currency
	v := view{Layout: a.Frame.Layout(in, name, "month"), Name: name, Empty: len(r.Totals) == 0, Planned: left.Whole}
	for i, t := range total.Views(in, r.Totals, own) {
		if i == 0 {
			v.Total = t
			continue
		}
		const and words.Phrase = "and %s in %s"
		v.Also = append(v.Also, in.T(and, t.Text, t.Count))
	}
	link := func(id expense.CategoryID) string { return address.Spent(v.Places.Search, first, last, id) }
	v.Spent = chart.NewSpent(in, r.Categories, r.Totals, own, largestShown, link, left.Limits)
	if len(v.Spent) > 1 {
		for _, spent := range v.Spent {
			for i, share := range spent.Shares {
				spent.Shares[i].Link = address.InCurrency(v.Places.Search, share.Link, spent.Currency)
			}
		}
	}
	for _, e := range r.Largest {
		if e.Price.Currency() == own {
			shown := row.Of(in, e, "")
			shown.When = in.ShortDay(e.Date, last)
			v.Largest = append(v.Largest, shown)
		}
	}
	v.All = address.Spent(v.Places.Search, first, last, 0)
	return v
}

// month returns the page of a month. The current one is compared with others by the same day.
func (a *Area) month(
	ctx context.Context, in *words.Language, actor ledger.Actor, r expense.Report, month civil.Month, today civil.Date,
) (view, error) {
	own, length := actor.Ledger.Currency, lengthOf(month)
	left, err := a.Plans.Of(ctx, in, actor, month, today)
	if err != nil {
		return view{}, err
	}
	v := a.begin(in, actor, r, in.Month(month), month.First(), civil.Date{Year: month.Year, Month: month.Month, Day: length}, left)
	before, after := shifted(month, -1), shifted(month, 1)
	if expense.CanBeIn(before.Year) {
		v.Before = &place{in.Month(before), address.Month(before)}
	}
	if expense.CanBeIn(after.Year) {
		v.After = &place{in.Month(after), address.Month(after)}
	}
	v.Year = &place{in.Year(month.Year), address.Year(month.Year)}
	all, reached := totalOf(r.Totals, own), length
	earlier, yearBefore := totalOf(r.Before, own), totalOf(r.YearBefore, own)
	current := month == today.MonthOf()
	if current {
		reached = today.Day
		all = spentBy(r.Days, today.Day, own)
		for of, amount := range map[civil.Month]*money.Amount{before: &earlier, shifted(month, -12): &yearBefore} {
			if amount.IsZero() {
				continue
			}
			other, err := a.service.MonthReport(ctx, actor, of)
			if err != nil {
				return view{}, err
			}
			*amount = spentBy(other.Days, today.Day, own)
		}
	}
	v.compare(in, all, earlier, in.MonthName(before), reach{byDay: current})
	v.compare(in, all, yearBefore, in.Month(shifted(month, -12)), reach{byDay: current})
	average := money.FromMinor(divided(all.Minor(), int64(reached)), own)
	const perDay words.Phrase = "%s, %s a day on average"
	v.Summary = in.T(perDay, v.Total.Count, average)
	v.Bars, v.ByDay = chart.NewBars(in, days(in, v.Places.Search, r.Days, month, today, own), &average, own, false), true
	v.explain(in, average)
	return v, nil
}

func (v *view) explain(in *words.Language, average money.Amount) {
	if v.Bars == nil {
		return
	}
	const (
		meanDay   words.Phrase = "average %s a day"
		meanMonth words.Phrase = "average %s a month"
		cut       words.Phrase = "Cut to fit: %s."
	)
	v.Average = in.T(meanMonth, average)
	if v.ByDay {
		v.Average = in.T(meanDay, average)
	}
	var named []string
	for _, c := range v.Bars.Cut {
		named = append(named, c.Name+" "+in.Amount(c.Amount))
	}
	if named != nil {
		v.Cut = in.T(cut, strings.Join(named, ", "))
	}
}

// days returns a column for each day of a month.
func days(in *words.Language, search string, totals []expense.DayTotal, month civil.Month, today civil.Date,
	own money.Currency) []chart.Column {
	length := lengthOf(month)
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
			c.Amount, c.Link, c.Future = t.Amount, address.Spent(search, t.Day, t.Day, 0), false
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
	all, earlier := money.FromMinor(0, own), money.FromMinor(0, own)
	for _, t := range r.Months {
		if t.Amount.Currency() != own {
			continue
		}
		if t.Month.Year == year {
			columns[t.Month.Month-1].Amount = t.Amount
		}
		sum := &all
		if t.Month.Year != year {
			sum = &earlier
		}
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
	average := money.FromMinor(divided(all.Minor(), int64(max(over, 1))), own)
	const perMonth words.Phrase = "%s, %s a month on average"
	v.Summary = in.T(perMonth, v.Total.Count, average)
	v.Bars = chart.NewBars(in, columns, &average, own, true)
	v.explain(in, average)
	return v
}

// reach is what two sums are counted to.
type reach struct {
	byDay bool   // until the same day of two months
	byEnd string // until the end of this month of two years; may be empty
}

// compare adds how a sum compares with an earlier one, if there was one.
func (v *view) compare(in *words.Language, now, before money.Amount, name string, until reach) {
	const (
		less words.Phrase = "*%s less* than %s"
		more words.Phrase = "*%s more* than %s"
		same words.Phrase = "*As much* as in %s"
	)
	if before.Minor() <= 0 {
		return
	}
	difference := now.Minor() - before.Minor()
	percent := in.Percent(uint64(divided(100*abs(difference), before.Minor()))) //nolint:gosec // not below zero
	c, sentence := changeView{More: difference > 0}, ""
	switch {
	case difference < 0:
		sentence, c.Detail = in.T(less, money.FromMinor(-difference, now.Currency()), name), until.less(in, percent, before)
	case difference > 0:
		sentence, c.Detail = in.T(more, money.FromMinor(difference, now.Currency()), name), until.more(in, percent, before)
	default:
		sentence, c.Detail = in.T(same, name), until.same(in)
	}
	parts := strings.SplitN(sentence, "*", 3)
	c.Before, c.Strong, c.After = parts[0], parts[1], parts[2]
	v.Changes = append(v.Changes, c)
}

func (r reach) less(in *words.Language, percent string, before money.Amount) string {
	const (
		whole words.Phrase = "%s less than %s"
		byDay words.Phrase = "by this day, %s less than %s"
		byEnd words.Phrase = "by the end of %s, %s less than %s"
	)
	switch {
	case r.byDay:
		return in.T(byDay, percent, before)
	case r.byEnd != "":
		return in.T(byEnd, r.byEnd, percent, before)
	}
	return in.T(whole, percent, before)
}

func (r reach) more(in *words.Language, percent string, before money.Amount) string {
	const (
		whole words.Phrase = "%s more than %s"
		byDay words.Phrase = "by this day, %s more than %s"
		byEnd words.Phrase = "by the end of %s, %s more than %s"
	)
	switch {
	case r.byDay:
		return in.T(byDay, percent, before)
	case r.byEnd != "":
		return in.T(byEnd, r.byEnd, percent, before)
	}
	return in.T(whole, percent, before)
}

func (r reach) same(in *words.Language) string {
	const (
		byDay words.Phrase = "by this day"
		byEnd words.Phrase = "by the end of %s"
	)
	switch {
	case r.byDay:
		return in.T(byDay)
	case r.byEnd != "":
		return in.T(byEnd, r.byEnd)
	}
	return ""
}

func totalOf(totals []expense.Total, own money.Currency) money.Amount {
	for _, t := range totals {
		if t.Amount.Currency() == own {
			return t.Amount
		}
	}
	return money.FromMinor(0, own)
}

// spentBy returns the sum of a month's days until one of them.
func spentBy(days []expense.DayTotal, until int, own money.Currency) money.Amount {
	sum := money.FromMinor(0, own)
	for _, d := range days {
		if d.Amount.Currency() == own && d.Day.Day <= until {
			if plus, err := sum.Add(d.Amount); err == nil {
				sum = plus
			}
		}
	}
	return sum
}

func shifted(m civil.Month, months int) civil.Month {
	return civil.DateOf(time.Date(m.Year, m.Month+time.Month(months), 1, 0, 0, 0, 0, time.UTC)).MonthOf()
}

func lengthOf(m civil.Month) int { return shifted(m, 1).First().AddDays(-1).Day }

// divided returns a quotient, rounded to the nearest.
func divided(a, b int64) int64 {
	if a < 0 {
		return -divided(-a, b)
	}
	quotient := a / b
	if a%b >= (b+1)/2 {
		quotient++
	}
	return quotient
}

func abs(n int64) int64 { return max(n, -n) }
