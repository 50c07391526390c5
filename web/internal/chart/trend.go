package chart

import (
	"cmp"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/words"
)

// Trend is a chart of what was spent in each month in one currency, in the units of its SVG's view box.
type Trend struct {
	Currency string
	Highest  string
	Bars     []Bar
}

// Bar is a month of it.
type Bar struct {
	X, Y, Height uint64
	Middle       string // where the label stands, in per cent
	Short, Month string
	Amount       string
	Current      bool
	Link         string // to the month; empty for one without expenses
}

// The chart's measures: a bar's column, the bar in it, and the line that bars stand on.
const (
	trendMonths   = 12
	trendColumn   = 28
	trendGap      = 4
	trendHeight   = 90
	trendBaseline = 100
)

// NewTrends makes a chart of the year up to this month for each currency, the ledger's own first. Link is where a month's expenses stand.
func NewTrends(in *words.Language, trend []expense.MonthTotal, current civil.Month, own money.Currency,
	link func(civil.Month) string) []Trend {
	var views []Trend
	for _, currency := range currenciesOf(trend, own, func(t expense.MonthTotal) money.Currency { return t.Amount.Currency() }) {
		spent := map[civil.Month]money.Amount{}
		highest := money.FromMinor(0, currency)
		for _, t := range trend {
			if t.Amount.Currency() == currency {
				spent[t.Month] = t.Amount
				highest = slices.MaxFunc([]money.Amount{highest, t.Amount}, byMinor)
			}
		}
		view := Trend{Currency: currency.Code(), Highest: in.Amount(highest)}
		for i := range uint64(trendMonths) {
			month := current.AddMonths(int(i) + 1 - trendMonths)
			amount, ok := spent[month]
			at := ""
			if ok {
				at = link(month)
			} else {
				amount = money.FromMinor(0, currency)
			}
			height := scale(amount.Minor(), highest.Minor(), trendHeight)
			if height == 0 && !amount.IsZero() {
				height = 1
			}
			view.Bars = append(view.Bars, Bar{
				X: i*trendColumn + trendGap, Y: trendBaseline - height, Height: height, Middle: hundredths((2*i + 1) * 10000 / (2 * trendMonths)),
				Short: in.NarrowMonth(month), Month: in.Month(month), Amount: in.Amount(amount), Current: month == current, Link: at,
			})
		}
		views = append(views, view)
	}
	return views
}

func byMinor(a, b money.Amount) int { return cmp.Compare(a.Minor(), b.Minor()) }
