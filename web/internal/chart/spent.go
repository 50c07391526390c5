package chart

import (
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// Spent is where a month's money of one currency went.
type Spent struct {
	Currency string
	Shares   []Share
}

// Share is one category of it, or everything else.
type Share struct {
	Category string
	Link     string // may be empty
	Tile     row.Tile
	Amount   string
	Percent  string // of what was spent, rounded; all of them make 100. Empty for what came back
	Width    uint64 // of the bar: 0 to 100, where the largest share has 100, or else a limit that is at most twice as large
	Left     string // of the category's budget, in words; may be empty
	Over     bool   // more was spent than that
	Mark     uint64 // where the budget ends, on the bar's scale; 0 for none, 100 also for one that ends beyond it
	Beyond   bool   // the budget ends where the bar has no room

	minor int64 // the amount
}

// Limit is what a category may cost.
type Limit struct {
	Amount money.Amount // zero or less if the months before took all of it
	Left   string       // of it, in words
	Over   bool
}

// Limits are the limits of categories. A share of another currency than its category's limit has none.
type Limits map[expense.CategoryID]Limit

// of returns a category's limit, if it is of a currency.
func (l Limits) of(category expense.CategoryID, currency money.Currency) (Limit, bool) {
	limit, ok := l[category]
	return limit, ok && limit.Amount.Currency() == currency
}

// Link returns where the expenses of categories in a currency stand; empty for nowhere. No category is everything else, where nobody
// knows all that is in it.
type Link func(of money.Currency, categories ...expense.CategoryID) string

// NewSpent groups a month's categories by currency, the ledger's own first: the largest few of each, and everything else. Limits may
// be nil.
func NewSpent(in *words.Language, categories []expense.CategoryTotal, month []expense.Total, own money.Currency, most int,
	link Link, limits Limits) []Spent {
	var views []Spent
	for _, currency := range currenciesOf(categories, own, func(t expense.CategoryTotal) money.Currency { return t.Amount.Currency() }) {
		var of []expense.CategoryTotal
		for _, c := range categories {
			if c.Amount.Currency() == currency {
				of = append(of, c)
			}
		}
		views = append(views, Spent{Currency: currency.Code(), Shares: shares(in, of, total.In(month, currency), most, link, limits)})
	}
	return views
}

// shares returns the largest categories of one currency, and what is left of the total.
func shares(
	in *words.Language, of []expense.CategoryTotal, all money.Amount, most int, link Link, limits Limits,
) []Share {
	const everythingElse words.Phrase = "Everything else"
	var others []expense.CategoryTotal
	if len(of) > most {
		of, others = of[:most], of[most:]
	}
	var largest int64
	amounts := make([]money.Amount, 0, len(of))
	for _, c := range of {
		amounts = append(amounts, c.Amount)
		largest = max(largest, c.Amount.Minor())
	}
	rest := leftOf(all, amounts)
	largest = reachOf(of, max(largest, rest), limits)
	var views []Share
	for _, c := range of {
		view := Share{
			Category: string(c.Category.Name), Link: link(all.Currency(), c.Category.ID), Tile: row.TileOf(c.Category),
			Amount: in.Amount(c.Amount), Width: scale(c.Amount.Minor(), largest, 100), minor: c.Amount.Minor(),
		}
		if limit, ok := limits.of(c.Category.ID, all.Currency()); ok {
			view.Left, view.Over = limit.Left, limit.Over
			view.Mark, view.Beyond = scale(limit.Amount.Minor(), largest, 100), limit.Amount.Minor() > largest
		}
		views = append(views, view)
	}
	if rest != 0 {
		mark, within := "…", allOf(others, rest)
		if len(within) > 0 {
			mark = "+" + strconv.Itoa(len(within))
		}
		views = append(views, Share{
			Category: in.T(everythingElse), Link: link(all.Currency(), within...), Tile: row.Tile{Colour: "rest", Mark: mark},
			Amount: in.Amount(money.FromMinor(rest, all.Currency())), Width: scale(rest, largest, 100), minor: rest,
		})
	}
	sayPercents(in, views, rest > 0)
	return views
}

// allOf returns the categories if they make a sum, and none if others are in it too.
func allOf(categories []expense.CategoryTotal, sum int64) []expense.CategoryID {
	ids := make([]expense.CategoryID, len(categories))
	for i, c := range categories {
		ids[i] = c.Category.ID
		sum -= c.Amount.Minor()
	}
	if sum != 0 {
		return nil
	}
	return ids
}

// reachOf returns what the bars have to reach: the largest of them, or a limit of theirs. A limit more than twice as large would
// flatten all bars, and ends beyond them.
func reachOf(of []expense.CategoryTotal, largest int64, limits Limits) int64 {
	reach := largest
	for _, c := range of {
		if limit, ok := limits.of(c.Category.ID, c.Amount.Currency()); ok && limit.Amount.Minor()/2 <= largest {
			reach = max(reach, limit.Amount.Minor())
		}
	}
	return reach
}

// sayPercents says which part of what was spent each share is. What came back in one of them is no part of that. The last takes what
// rounding leaves, if it is everything else, and the largest otherwise, which is the first. Of a sum that cannot be kept exactly nothing
// is said.
func sayPercents(in *words.Language, shares []Share, hasRest bool) {
	spent, left, takes := int64(0), int64(100), 0
	for _, s := range shares {
		var err error
		if spent, err = money.AddMinor(spent, max(s.minor, 0)); err != nil {
			return
		}
	}
	if spent == 0 {
		return
	}
	for _, s := range shares {
		left -= int64(scale(s.minor, spent, 100)) //nolint:gosec // at most 100
	}
	if hasRest {
		takes = len(shares) - 1
	}
	for i, s := range shares {
		rounded := int64(scale(s.minor, spent, 100)) //nolint:gosec // at most 100
		if i == takes {
			rounded += left
		}
		shares[i].Percent = percent(in, rounded, s.minor)
	}
}

// percent returns a rounded share; nothing for one that came back.
func percent(in *words.Language, rounded, minor int64) string {
	switch {
	case minor < 0:
		return ""
	case rounded <= 0:
		return "<" + in.Percent(1)
	}
	return in.Percent(uint64(rounded))
}
