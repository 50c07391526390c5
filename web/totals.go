package web

import (
	"cmp"
	"slices"

	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

// totalView is an exact sum in one currency.
type totalView struct {
	Currency string // empty for the ledger's own
	Decimal  string // for machines
	Text     string // for people
	Count    string
}

// newTotals puts the ledger's own currency first, with zero if there is nothing in it.
func newTotals(totals []expense.Total, own money.Currency) []totalView {
	if !slices.ContainsFunc(totals, func(t expense.Total) bool { return t.Amount.Currency() == own }) {
		totals = append(slices.Clone(totals), expense.Total{Amount: money.FromMinor(0, own)})
	}
	views := make([]totalView, 0, len(totals))
	for _, t := range ownFirst(totals, own) {
		views = append(views, newTotal(t, own))
	}
	return views
}

func newTotal(t expense.Total, own money.Currency) totalView {
	view := totalView{Decimal: t.Amount.Decimal(), Text: t.Amount.Format(), Count: count(t.Entries)}
	if t.Amount.Currency() != own {
		view.Currency = t.Amount.Currency().Code()
	}
	return view
}

// ownFirst returns totals with the ledger's own currency first, the others in their order.
func ownFirst(totals []expense.Total, own money.Currency) []expense.Total {
	sorted := slices.Clone(totals)
	slices.SortStableFunc(sorted, func(a, b expense.Total) int {
		return cmp.Compare(rank(a.Amount.Currency(), own), rank(b.Amount.Currency(), own))
	})
	return sorted
}
