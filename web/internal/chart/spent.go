package chart

import (
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/words"
)

// Spent is where a month's money of one currency went.
type Spent struct {
	Currency string
	Shares   []Share
}

// Share is one category of it.
type Share struct {
	Category string
	Link     string
	Amount   string
	Percent  string // of the month's total, rounded
	Width    uint64 // of the bar: 0 to 100, where the largest category has 100
}

// NewSpent groups a month's categories by currency, the ledger's own first.
func NewSpent(in *words.Language, categories []expense.CategoryTotal, month []expense.Total, own money.Currency) []Spent {
	var views []Spent
	for _, currency := range currenciesOf(categories, own, func(t expense.CategoryTotal) money.Currency { return t.Amount.Currency() }) {
		var all, largest int64
		for _, t := range month {
			if t.Amount.Currency() == currency {
				all = t.Amount.Minor()
			}
		}
		view := Spent{Currency: currency.Code()}
		for _, c := range categories {
			if c.Amount.Currency() != currency {
				continue
			}
			largest = max(largest, c.Amount.Minor())
			view.Shares = append(view.Shares, Share{
				Category: string(c.Category.Name), Link: address.Category(c.Category.ID), Amount: in.Amount(c.Amount),
				Percent: percent(in, c.Amount.Minor(), all), Width: scale(c.Amount.Minor(), largest, 100),
			})
		}
		views = append(views, view)
	}
	return views
}

func percent(in *words.Language, part, whole int64) string {
	rounded := scale(part, whole, 100)
	if rounded == 0 {
		return "<" + in.Percent(1)
	}
	return in.Percent(rounded)
}
