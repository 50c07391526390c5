// Package total shows exact sums, one for each currency.
package total

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/words"
)

// View is an exact sum in one currency.
type View struct {
	Currency string // empty for the ledger's own
	Decimal  string // for machines
	Text     string // for people
	Whole    string // the same in parts: before the decimals,
	Decimals string // they themselves, with their point,
	After    string // and what follows
	Size     string // what SizeOf returns
	Count    string
}

// In returns the total in a currency, which is zero where there is none.
func In(totals []expense.Total, currency money.Currency) money.Amount {
	for _, t := range totals {
		if t.Amount.Currency() == currency {
			return t.Amount
		}
	}
	return money.FromMinor(0, currency)
}

// Views shows totals, the ledger's own currency first. Where it has no total, its total is zero.
func Views(in *words.Language, totals []expense.Total, own money.Currency) []View {
	if !slices.ContainsFunc(totals, func(t expense.Total) bool { return t.Amount.Currency() == own }) {
		totals = append(slices.Clone(totals), expense.Total{Amount: money.FromMinor(0, own)})
	}
	return ViewsOfSome(in, totals, own)
}

// ViewsOfSome shows totals, the ledger's own currency first where it has one. Where there is no total at all, zero is shown.
func ViewsOfSome(in *words.Language, totals []expense.Total, own money.Currency) []View {
	if len(totals) == 0 {
		totals = []expense.Total{{Amount: money.FromMinor(0, own)}}
	}
	sorted := slices.Clone(totals)
	slices.SortStableFunc(sorted, func(a, b expense.Total) int { return OwnFirst(a.Amount.Currency(), b.Amount.Currency(), own) })
	views := make([]View, 0, len(sorted))
	for _, t := range sorted {
		view := View{Decimal: t.Amount.Decimal(), Text: in.Amount(t.Amount), Count: Count(in, t.Count)}
		view.Whole, view.Decimals, view.After = in.Split(t.Amount)
		view.Size = SizeOf(view.Text)
		if t.Amount.Currency() != own {
			view.Currency = t.Amount.Currency().Code()
		}
		views = append(views, view)
	}
	return views
}

// SizeOf returns the class of an amount that is the largest object of its page: the longer it is, the smaller it is written.
func SizeOf(text string) string {
	switch length := utf8.RuneCountInString(text); {
	case length > 18:
		return "longest"
	case length > 14:
		return "longer"
	case length > 9:
		return "long"
	}
	return ""
}

// OwnFirst compares currencies for an order in which the ledger's own comes first, and the others are equal.
func OwnFirst(a, b, own money.Currency) int {
	rank := func(c money.Currency) int {
		if c == own {
			return 0
		}
		return 1
	}
	return cmp.Compare(rank(a), rank(b))
}

// Line is what totals are in one line, such as 7 · $218.81 · €4.10. Each part stays whole.
type Line struct {
	Count string
	Sums  []string
}

// LineOf returns the count and the amounts of totals.
func LineOf(in *words.Language, totals []expense.Total, own money.Currency) Line {
	var n int64
	for _, t := range totals {
		n += t.Count
	}
	line := Line{Count: in.Number(n)}
	for _, t := range ViewsOfSome(in, totals, own) {
		line.Sums = append(line.Sums, t.Text)
	}
	return line
}

// Count returns "1 expense" or "1,234 expenses".
func Count(in *words.Language, n int64) string { return in.N("%d expense", "%d expenses", n) }
