package reports

import (
	"context"

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
	Paid          []chart.Spent // what each has paid, where several share the ledger
	Bars          *chart.Bars
	ByDay         bool
	Average       string // in words; empty if there is none
	Cut           string
	Largest       []row.View
	All           string // address of all its expenses
	Empty         bool
}

// place is a link to another report.
type place struct{ Name, Address string }

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
	if err := a.addPaid(ctx, in, actor, report, of.first(), of.last().Last(), &shown); err != nil {
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
	v := view{Layout: a.Frame.Layout(in, actor, name, "month"), Name: name, Empty: len(r.Totals) == 0, Planned: left.Whole}
	for i, t := range total.Views(in, r.Totals, own) {
		if i == 0 {
			v.Total = t
			continue
		}
		const and words.Phrase = "and %s in %s"
		v.Also = append(v.Also, in.T(and, t.Text, t.Count))
	}
	v.Spent = chart.NewSpent(in, r.Categories, r.Totals, own, largestShown, func(of money.Currency, ids ...expense.CategoryID) string {
		switch {
		case len(ids) == 0:
			return "" // no search finds all but some categories
		case len(r.Totals) > 1:
			return address.InCurrency(v.Places.Search, address.Spent(v.Places.Search, first, last, ids...), of.Code())
		}
		return address.Spent(v.Places.Search, first, last, ids...)
	}, left.Limits)
	for _, e := range r.Largest {
		if e.Price.Currency() == own {
			shown := row.Of(in, e, "")
			shown.When = in.ShortDay(e.Date, last)
			v.Largest = append(v.Largest, shown)
		}
	}
	v.All = address.Spent(v.Places.Search, first, last)
	return v
}

func (v *view) explain(in *words.Language, average *money.Amount) {
	if v.Bars == nil {
		return
	}
	const (
		meanDay   words.Phrase = "average %s a day"
		meanMonth words.Phrase = "average %s a month"
	)
	switch {
	case average == nil:
	case v.ByDay:
		v.Average = in.T(meanDay, *average)
	default:
		v.Average = in.T(meanMonth, *average)
	}
	v.Cut = v.Bars.CutToFit(in)
}

// reach is what two sums are counted to.
type reach struct {
	byDay bool   // until the same day of two months
	byEnd string // until the end of this month of two years; may be empty
}

// phrases say one thing of sums that are counted to different ends.
type phrases struct{ whole, byDay, byEnd words.Phrase }

// say returns the phrase that fits, with its arguments behind the month that both sums are counted to.
func (r reach) say(in *words.Language, p phrases, args ...any) string {
	switch {
	case r.byDay:
		return in.T(p.byDay, args...)
	case r.byEnd != "":
		return in.T(p.byEnd, append([]any{r.byEnd}, args...)...)
	case p.whole == "":
		return ""
	}
	return in.T(p.whole, args...)
}
