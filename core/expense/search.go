package expense

import (
	"cmp"
	"context"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// SearchStore finds expenses. It is exact: what it finds, counts and adds up is of one moment. Texts are compared as text.Fold leaves
// them.
type SearchStore interface {
	// Search returns a page of what the filter finds, newest first, and the count and totals of all that it finds: money.ErrOverflow if
	// these are larger than can be kept exactly.
	Search(ctx context.Context, in ledger.ID, query SearchQuery) (Found, error)
	// EachFound hands all that the filter finds to visit, newest first, in batches of which no two are of one moment: an expense whose date
	// changes meanwhile may come twice, or not at all. It holds nothing of the storage while visit runs. An error of visit ends it and is
	// returned as it is. It adds nothing up, so that no sum is too large for it.
	EachFound(ctx context.Context, in ledger.ID, filter Filter, visit func([]Expense) error) error
}

// SearchBatch is how many expenses EachFound hands over at a time.
const SearchBatch = 1000

// SearchQuery asks for a page of what a filter finds, as ListQuery asks for one of a list.
type SearchQuery struct {
	Filter
	ListQuery
}

// Filter says which expenses are found: those that every one of its parts lets pass. The zero Filter finds all that are not deleted.
type Filter struct {
	Terms      []Term        // each must occur
	Categories []CategoryID  // in one of these, or in one that was merged into it; any if there are none
	Tag        string        // among the tags, whatever its case; any if empty
	Currency   string        // code; any if empty
	From, To   civil.Date    // both included; the zero Date leaves the side open
	Min, Max   *money.Amount // of the price, both included, as a number and whatever the currency; nil leaves the side open
	Payer      ledger.UserID // who has paid; 0 for anybody, or nobody
	Deleted    bool          // those that are deleted, and no others
}

// Term is one word of a search. It occurs in an expense if it is a part of the payee, the note, a tag or the category's name, or if the
// price is its amount, whatever the currency.
type Term struct {
	Text   string        // as text.Fold leaves it; not empty
	Amount *money.Amount // the amount that the word may mean; nil if it means none
}

// IsSummed reports whether maintained totals answer for the filter: of months and days, of all categories, or of whole months of some, or
// of a payer.
func (f Filter) IsSummed() bool {
	if len(f.Terms) > 0 || f.Tag != "" || f.Min != nil || f.Max != nil || f.Deleted {
		return false
	}
	whole := (f.From.IsZero() || f.From.Day == 1) && (f.To.IsZero() || f.To.AddDays(1).Day == 1)
	if f.Payer != 0 {
		return len(f.Categories) == 0 && whole
	}
	return len(f.Categories) == 0 || whole
}

// Found is what a search finds.
type Found struct {
	Expenses []Expense    // of the page
	Totals   []Total      // of all that is found, ordered by currency code
	Months   []MonthTotal // the same by month, newest month first, then by currency code
}

// Count returns how many expenses were found in all.
func (f Found) Count() (n int64) {
	for _, t := range f.Totals {
		n += t.Count
	}
	return n
}

// SumFound returns what months add up to, and the months in their order. The months may come several times each. It is
// money.ErrOverflow if a sum is larger than can be kept exactly.
func SumFound(months []MonthTotal) (Found, error) {
	type key struct {
		month civil.Month
		in    money.Currency
	}
	byMonth, all := make(map[key]Sum), make(map[money.Currency]Sum)
	for _, m := range months {
		part, c := Sum{Count: m.Count, Minor: m.Amount.Minor()}, m.Amount.Currency()
		sum, err := byMonth[key{m.Month, c}].Plus(part)
		if err != nil {
			return Found{}, err
		}
		byMonth[key{m.Month, c}] = sum
		if all[c], err = all[c].Plus(part); err != nil {
			return Found{}, err
		}
	}
	var found Found
	for k, sum := range byMonth {
		if sum.Count > 0 {
			found.Months = append(found.Months, MonthTotal{Month: k.month, Total: Total{Count: sum.Count, Amount: money.FromMinor(sum.Minor, k.in)}})
		}
	}
	for c, sum := range all {
		if sum.Count > 0 {
			found.Totals = append(found.Totals, Total{Count: sum.Count, Amount: money.FromMinor(sum.Minor, c)})
		}
	}
	byCode := func(x, y Total) int { return cmp.Compare(x.Amount.Currency().Code(), y.Amount.Currency().Code()) }
	slices.SortFunc(found.Totals, byCode)
	slices.SortFunc(found.Months, func(x, y MonthTotal) int {
		if x.Month != y.Month {
			return y.Month.Number() - x.Month.Number()
		}
		return byCode(x.Total, y.Total)
	})
	return found, nil
}

// ScaledBound returns an amount's number in another currency, for a comparison (=, >= or <=) with amounts of it: rounded up where they
// have to reach it, down where they must not pass it. It returns false if none of them compares so.
func ScaledBound(amount money.Amount, in money.Currency, comparison string) (money.Amount, bool) {
	minor := amount.Minor()
	for range in.Digits() - amount.Currency().Digits() {
		if minor > money.MaxMinor*10 { // beyond every price, and it may go on to overflow
			break
		}
		minor *= 10
	}
	for range amount.Currency().Digits() - in.Digits() {
		rest := minor % 10
		minor /= 10
		if rest != 0 && comparison == "=" {
			return money.Amount{}, false
		}
		if rest != 0 && comparison == ">=" {
			minor++
		}
	}
	return money.FromMinor(minor, in), true
}
