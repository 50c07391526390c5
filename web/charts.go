package web

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

// spentView is where a month's money of one currency went.
type spentView struct {
	Currency string
	Shares   []shareView
}

// shareView is one category of it.
type shareView struct {
	Category string
	Link     string
	Amount   string
	Percent  string // of the month's total, rounded
	Width    uint64 // of the bar: 0 to 100, where the largest category has 100
}

// newSpent groups a month's categories by currency, the ledger's own first.
func newSpent(categories []expense.CategoryTotal, month []expense.Total, own money.Currency) []spentView {
	var views []spentView
	for _, currency := range currenciesOf(categories, own, func(t expense.CategoryTotal) money.Currency { return t.Amount.Currency() }) {
		var all, largest int64
		for _, total := range month {
			if total.Amount.Currency() == currency {
				all = total.Amount.Minor()
			}
		}
		view := spentView{Currency: currency.Code()}
		for _, c := range categories {
			if c.Amount.Currency() != currency {
				continue
			}
			largest = max(largest, c.Amount.Minor())
			view.Shares = append(view.Shares, shareView{
				Category: string(c.Category.Name), Link: categoryAddress(c.Category.ID), Amount: c.Amount.Format(),
				Percent: percent(c.Amount.Minor(), all), Width: scale(c.Amount.Minor(), largest, 100),
			})
		}
		views = append(views, view)
	}
	return views
}

// trendView is a chart of what was spent in each month in one currency, in the units of its SVG's view box.
type trendView struct {
	Currency string
	Highest  string
	Bars     []barView
}

// barView is a month of it.
type barView struct {
	X, Y, Height uint64
	Middle       uint64 // where the label stands
	Short, Month string
	Amount       string
	Current      bool
}

// The chart's measures: a bar's column, the bar in it, and the line that bars stand on.
const (
	trendMonths   = 12
	trendColumn   = 28
	trendGap      = 4
	trendHeight   = 90
	trendBaseline = 100
)

// newTrends makes a chart of the year up to this month for each currency, the ledger's own first.
func newTrends(trend []expense.MonthTotal, current civil.Month, own money.Currency) []trendView {
	var views []trendView
	for _, currency := range currenciesOf(trend, own, func(t expense.MonthTotal) money.Currency { return t.Amount.Currency() }) {
		spent := map[civil.Month]money.Amount{}
		highest := money.FromMinor(0, currency)
		for _, t := range trend {
			if t.Amount.Currency() == currency {
				spent[t.Month] = t.Amount
				highest = slices.MaxFunc([]money.Amount{highest, t.Amount}, byMinor)
			}
		}
		view := trendView{Currency: currency.Code(), Highest: highest.Format()}
		for i := range uint64(trendMonths) {
			month := monthBefore(current, trendMonths-1-int(i))
			amount, ok := spent[month]
			if !ok {
				amount = money.FromMinor(0, currency)
			}
			height := scale(amount.Minor(), highest.Minor(), trendHeight)
			if height == 0 && !amount.IsZero() {
				height = 1
			}
			view.Bars = append(view.Bars, barView{
				X: i*trendColumn + trendGap, Y: trendBaseline - height, Height: height, Middle: i*trendColumn + trendColumn/2,
				Short: month.Month.String()[:3], Month: monthText(month), Amount: amount.Format(), Current: month == current,
			})
		}
		views = append(views, view)
	}
	return views
}

func percent(part, whole int64) string {
	rounded := scale(part, whole, 100)
	if rounded == 0 {
		return "<1%"
	}
	return strconv.FormatUint(rounded, 10) + "%"
}

func monthBefore(m civil.Month, n int) civil.Month {
	return civil.DateOf(time.Date(m.Year, m.Month-time.Month(n), 1, 0, 0, 0, 0, time.UTC)).MonthOf()
}

func byMinor(a, b money.Amount) int { return cmp.Compare(a.Minor(), b.Minor()) }

// currenciesOf returns each currency that occurs in totals once, the ledger's own first, the others in their order.
func currenciesOf[T any](totals []T, own money.Currency, of func(T) money.Currency) []money.Currency {
	var currencies []money.Currency
	for _, t := range totals {
		if c := of(t); !slices.Contains(currencies, c) {
			currencies = append(currencies, c)
		}
	}
	slices.SortStableFunc(currencies, func(a, b money.Currency) int { return cmp.Compare(rank(a, own), rank(b, own)) })
	return currencies
}

func rank(c, own money.Currency) int {
	if c == own {
		return 0
	}
	return 1
}

// scale returns part/whole of size, rounded, in integers of 128 bits; 0 where there is nothing to compare, at most size.
func scale(part, whole int64, size uint64) uint64 {
	if part <= 0 || whole <= 0 {
		return 0
	}
	if part >= whole {
		return size
	}
	high, low := bits.Mul64(uint64(part), size)
	low, carry := bits.Add64(low, uint64(whole)/2, 0)
	quotient, _ := bits.Div64(high+carry, low, uint64(whole))
	return quotient
}

func categoryAddress(id expense.CategoryID) string {
	return "/categories/" + strconv.FormatInt(int64(id), 10)
}
