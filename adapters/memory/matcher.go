package memory

import (
	"slices"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/text"
)

// matcher finds the rows of a ledger that a filter lets pass.
type matcher struct {
	d      *expenseData
	filter expense.Filter
	named  []map[expense.CategoryID]bool // for each term, whether the names of categories have it, as far as rows have asked
}

func newMatcher(d *expenseData, f expense.Filter) matcher {
	m := matcher{d: d, filter: f}
	for range f.Terms {
		m.named = append(m.named, make(map[expense.CategoryID]bool))
	}
	return m
}

// all returns all that is found, newest first.
func (m matcher) all() (found []*row) {
	if !m.filter.Deleted {
		for _, position := range slices.Backward(m.d.list) {
			if r := m.d.rows[position.ID]; m.matches(r) {
				found = append(found, r)
			}
		}
		return found
	}
	for _, r := range m.d.rows {
		if r.Deleted && !r.Gone && m.matches(r) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(x, y *row) int { return expense.PositionOf(y.Expense).Compare(expense.PositionOf(x.Expense)) })
	return found
}

// walk returns a page of what is found, newest first. It looks no further than the page goes.
func (m matcher) walk(query expense.ListQuery) []expense.Expense {
	var page []expense.Expense
	look := func(p expense.Position) bool {
		if r := m.d.rows[p.ID]; len(page) < query.Limit && m.matches(r) {
			page = append(page, m.d.shown(r))
		}
		return len(page) < query.Limit
	}
	list := m.d.list
	if query.After != nil {
		at, found := m.d.place(*query.After)
		if found {
			at++
		}
		for _, p := range list[at:] {
			if !look(p) {
				break
			}
		}
		slices.Reverse(page)
		return page
	}
	if query.Before != nil {
		at, _ := m.d.place(*query.Before)
		list = list[:at]
	}
	for _, p := range slices.Backward(list) {
		if !look(p) {
			break
		}
	}
	return page
}

func (m matcher) matches(r *row) bool {
	f, category := m.filter, m.d.survivor(r.category)
	if len(f.Categories) > 0 && !slices.Contains(f.Categories, category) ||
		f.Payer != 0 && r.PaidBy != f.Payer || f.Currency != "" && r.Price.Currency().Code() != f.Currency || !within(f, r.Date) {
		return false
	}
	if f.Min != nil {
		if least, ok := expense.ScaledBound(*f.Min, r.Price.Currency(), ">="); !ok || r.Price.Minor() < least.Minor() {
			return false
		}
	}
	if f.Max != nil {
		if most, ok := expense.ScaledBound(*f.Max, r.Price.Currency(), "<="); !ok || r.Price.Minor() > most.Minor() {
			return false
		}
	}
	if f.Tag != "" && !slices.Contains(strings.Fields(text.Fold(string(r.Tags))), f.Tag) {
		return false
	}
	for i := range f.Terms {
		if !m.occurs(i, r, category) {
			return false
		}
	}
	return true
}

func within(f expense.Filter, day civil.Date) bool {
	return (f.From.IsZero() || day.Compare(f.From) >= 0) && (f.To.IsZero() || day.Compare(f.To) <= 0)
}

func (m matcher) occurs(i int, r *row, category expense.CategoryID) bool {
	term := m.filter.Terms[i]
	if term.Amount != nil {
		if same, ok := expense.ScaledBound(*term.Amount, r.Price.Currency(), "="); ok && same == r.Price {
			return true
		}
	}
	named, known := m.named[i][category]
	if !known {
		named = strings.Contains(text.Fold(string(m.d.categories[category].name)), term.Text)
		m.named[i][category] = named
	}
	if named {
		return true
	}
	for _, said := range []string{r.Note, r.Payee, string(r.Tags)} {
		if strings.Contains(text.Fold(said), term.Text) {
			return true
		}
	}
	return false
}

// maintained returns the totals of what a filter finds that is summed: of whole months, and of the days before and behind them.
func (d *expenseData) maintained(f expense.Filter) (parts []expense.MonthTotal) {
	if f.Payer != 0 {
		return d.paidIn(f)
	}
	categories := f.Categories
	if len(categories) == 0 {
		categories = []expense.CategoryID{0}
	}
	for number, currencies := range d.totals {
		key := expense.TotalKey{}.Named(number)
		if key.Month.IsZero() || !countsFor(f, key) {
			continue
		}
		for currency, sums := range currencies {
			if f.Currency != "" && currency.Code() != f.Currency {
				continue
			}
			for _, id := range categories {
				parts = append(parts, expense.MonthTotal{Month: key.Month, Total: totalOf(currency, sums.of[id])})
			}
		}
	}
	return parts
}

// countsFor reports whether a total of a month or a day is one of those that a filter's days are made of.
func countsFor(f expense.Filter, key expense.TotalKey) bool {
	whole := within(f, key.Month.First()) && within(f, key.Month.Last())
	if key.Day == 0 {
		return whole
	}
	return !whole && within(f, civil.Date{Year: key.Month.Year, Month: key.Month.Month, Day: key.Day})
}
