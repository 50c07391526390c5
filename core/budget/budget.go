// Package budget is what a ledger plans to spend: a monthly limit for a category or for everything, from a month on, and how it stands
// beside what was spent. Service holds the use cases, Store is the port that a storage implements, and budgettest is its contract. What
// was spent it asks through a port of its own, Spending.
package budget

import (
	"slices"
	"strconv"

	"expense-tracker/core/civil"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// CategoryID names the category that a budget is for, as the expenses name it.
type CategoryID int64

// Everything is in the place of a category for the budget of all spending.
const Everything CategoryID = 0

// Bounds of what a ledger plans.
const (
	MaxBudgets = 200 // of one ledger, those that have ended included
	MaxCarried = 24  // months before one that what is left of a budget is counted from
	MaxAhead   = 24  // months before and after this one that a term may start in
)

// Budget is the plan for one category. A ledger has one at most for each, and none is ever gone: it ends.
type Budget struct {
	Category CategoryID
	Revision int    // 1 when made, one more with each change
	Terms    []Term // those that were asked for, the oldest first
}

// Term is what counts from a month on, until the next term takes its place.
type Term struct {
	From  civil.Month
	Limit money.Amount // of each month, above zero; the zero Amount for a term that ends the budget
	Carry bool         // what is left of the month before is added, and what was overspent is taken off
}

// IsEnd reports whether there is no budget from the term on.
func (t Term) IsEnd() bool { return t.Limit == money.Amount{} }

// In returns the term in force in a month; false if none is, or if one ended the budget.
func (b Budget) In(month civil.Month) (Term, bool) {
	for _, t := range slices.Backward(b.Terms) {
		if t.From.Number() <= month.Number() {
			return t, !t.IsEnd()
		}
	}
	return Term{}, false
}

// Later returns the terms that start after a month.
func (b Budget) Later(month civil.Month) []Term {
	i := slices.IndexFunc(b.Terms, func(t Term) bool { return t.From.Number() > month.Number() })
	if i < 0 {
		return nil
	}
	return b.Terms[i:]
}

// says reports whether the budget has exactly this term.
func (b Budget) says(term Term) bool { return slices.Contains(b.Terms, term) }

// isOpen reports whether the budget counts in a month or in one after it.
func (b Budget) isOpen(month civil.Month) bool {
	_, now := b.In(month)
	return now || slices.ContainsFunc(b.Later(month), func(t Term) bool { return !t.IsEnd() })
}

// Seen returns the name of what a reader of the budget sees: its revision, and its newest term.
func (b Budget) Seen() revision.Seen {
	if len(b.Terms) == 0 {
		return revision.At(b.Revision)
	}
	newest := b.Terms[len(b.Terms)-1]
	return revision.Of(b.Revision, newest.From.String(), newest.Limit.String(), strconv.FormatBool(newest.Carry))
}
