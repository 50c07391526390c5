package categories

import (
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/planned"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// monthsShown is how many months the chart has, the current one among them.
const monthsShown = 12

// spendingView is what was spent on a category.
type spendingView struct {
	Month        string // the current one
	Day          string // which of its days it is
	Now          []total.View
	Planned      *planned.Line // what is left of the month's budget; nil without one
	Bars         *chart.Bars   // nil if nothing was spent in the months that it would have
	Average      string
	Legend       string
	AllTime      *total.Line // nil of a category without expenses
	Months       []monthView
	All          string // address of all its expenses
	Newer, Older string // addresses; empty if there is nothing there
	First        bool   // these are the newest expenses
}

// monthView is a month of the list, with its rows on the page.
type monthView struct {
	Name string
	Sums total.Line // of the whole month
	Link string     // address of all its expenses
	Rows []row.View
}

// newSpending shows what was spent on a category, as of today.
func (a *Area) newSpending(
	in *words.Language, actor ledger.Actor, of expense.CategorySpending, company payer.Company, at expense.SearchPlace, search string,
) spendingView {
	const dayOf words.Phrase = "day %d of %d"
	today, id := a.service.Today(actor), of.Category.ID
	month, currency := today.MonthOf(), chartedOf(of, actor.Ledger.Currency)
	v := spendingView{
		Month: in.Month(month), Day: in.T(dayOf, today.Day, month.Last().Day),
		Now:   total.Views(in, of.InMonth(month), currency),
		First: at == expense.SearchPlace{},
		All:   address.Search(address.SearchQuery{Categories: []string{strconv.FormatInt(int64(id), 10)}}),
		Newer: address.SearchQuery{}.After(address.Category(id), of.Newer), Older: address.SearchQuery{}.Before(address.Category(id), of.Older),
	}
	if len(of.Totals) > 0 {
		all := total.LineOf(in, of.Totals, currency)
		v.AllTime = &all
	}
	v.chart(in, of, month, currency, search)
	v.Months = monthsOf(in, of, company, today, actor.Ledger.Currency, search)
	return v
}

// chartedOf returns the currency that a category's chart is of: the ledger's own, or else the one that the category has most often.
func chartedOf(of expense.CategorySpending, own money.Currency) money.Currency {
	most, found := int64(0), own
	for _, t := range of.Totals {
		if t.Amount.Currency() == own {
			return own
		}
		if t.Count > most {
			most, found = t.Count, t.Amount.Currency()
		}
	}
	return found
}

// chart draws the last twelve months. The average is of those among them that are over, from the first month of the category on.
func (v *spendingView) chart(in *words.Language, of expense.CategorySpending, now civil.Month, currency money.Currency, search string) {
	spent, first := make(map[civil.Month]money.Amount), now
	for _, m := range of.Months {
		if m.Amount.Currency() == currency {
			spent[m.Month] = m.Amount
			if m.Month.Number() < first.Number() {
				first = m.Month
			}
		}
	}
	columns := make([]chart.Column, 0, monthsShown)
	sum, over := money.FromMinor(0, currency), int64(0)
	for n := range monthsShown {
		m := now.AddMonths(n + 1 - monthsShown)
		c := chart.Column{Name: in.Month(m), Amount: money.FromMinor(0, currency), Now: m == now}
		if n%4 == 0 || c.Now {
			c.Short = in.ShortMonth(m)
		}
		if amount, ok := spent[m]; ok {
			c.Amount, c.Link = amount, address.Spent(search, m.First(), m.Last(), of.Category.ID)
			if len(of.Totals) > 1 { // a bar is of one currency
				c.Link = address.InCurrency(search, c.Link, currency.Code())
			}
		}
		columns = append(columns, c)
		if plus, err := sum.Add(c.Amount); err == nil && !c.Now && m.Number() >= first.Number() {
			sum, over = plus, over+1
		}
	}
	var average *money.Amount
	if over > 0 {
		mean := sum.DividedBy(over)
		average = &mean
	}
	if v.Bars = chart.NewBars(in, columns, average, currency, true); v.Bars != nil {
		v.explain(in, average, now)
	}
}

// explain says what the chart's dashed line and its hollow bar are.
func (v *spendingView) explain(in *words.Language, average *money.Amount, now civil.Month) {
	const (
		mean    words.Phrase = "average %s a month"
		hollow  words.Phrase = "%s is not over: its bar is hollow."
		without words.Phrase = "%s is not over: its bar is hollow, and the average leaves it out."
	)
	v.Legend = in.T(hollow, in.MonthName(now))
	if average != nil {
		v.Average, v.Legend = in.T(mean, *average), in.T(without, in.MonthName(now))
	}
	if cut := v.Bars.CutToFit(in); cut != "" {
		v.Legend += " " + cut
	}
}

// monthsOf groups the page's expenses by month. The payee leads, for all rows are of one category.
func monthsOf(
	in *words.Language, of expense.CategorySpending, company payer.Company, today civil.Date, own money.Currency, search string,
) []monthView {
	const label words.Phrase = "%s, %s, %s"
	var views []monthView
	var last civil.Month
	for _, e := range of.Expenses {
		if month := e.Date.MonthOf(); month != last || views == nil {
			views = append(views, monthView{
				Name: in.Month(month), Sums: total.LineOf(in, of.InMonth(month), own),
				Link: address.Spent(search, month.First(), month.Last(), of.Category.ID),
			})
			last = month
		}
		shown := row.Of(in, e, "")
		shown.When, shown.PaidBy = in.ShortDay(e.Date, today), company.Said(in, e)
		if e.Payee != "" {
			shown.Label = in.T(label, shown.Title+" · "+e.Payee, shown.Price, e.Date)
			shown.Title, shown.Text = e.Payee, strings.ReplaceAll(e.Note, "\n", " · ")
		}
		m := &views[len(views)-1]
		m.Rows = append(m.Rows, shown)
	}
	return views
}
