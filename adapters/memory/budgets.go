package memory

import (
	"cmp"
	"context"
	"slices"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// ofBudget is the kind of a budget's row among the changes that are noted.
const ofBudget = "budget"

// budgetStore is a budget.Store.
type budgetStore struct{ shelves[budgetData] }

var _ budget.Store = (*budgetStore)(nil)

// budgetData is what one ledger plans: each budget with all of its terms.
type budgetData struct {
	budgets map[budget.CategoryID]budget.Budget
	changes changes
}

func newBudgetData() *budgetData {
	return &budgetData{budgets: make(map[budget.CategoryID]budget.Budget), changes: make(changes)}
}

// List implements budget.Store.
func (s *budgetStore) List(_ context.Context, in ledger.ID, from, to civil.Month) (all []budget.Budget, err error) {
	err = s.read(in, func(d *budgetData) error {
		for _, b := range d.budgets {
			all = append(all, stretch(b, from, to.Number()))
		}
		return nil
	})
	slices.SortFunc(all, func(x, y budget.Budget) int { return cmp.Compare(x.Category, y.Category) })
	return all, err
}

// Get implements budget.Store.
func (s *budgetStore) Get(_ context.Context, in ledger.ID, of budget.CategoryID, from civil.Month) (found budget.Budget, err error) {
	err = s.read(in, func(d *budgetData) error {
		b, ok := d.budgets[of]
		if !ok {
			return budget.NoSuchBudget("memory.Get")
		}
		found = stretchOn(b, from)
		return nil
	})
	return found, err
}

// Set implements budget.Store.
func (s *budgetStore) Set(
	_ context.Context, in ledger.ID, of budget.CategoryID, basis revision.Basis, term budget.Term,
) (now budget.Budget, err error) {
	const op = "memory.Set"
	err = s.write(in, func(d *budgetData) error {
		b, ok := d.budgets[of]
		switch {
		case !ok && basis.Revision != 0:
			return budget.NoSuchBudget(op)
		case b.Revision != basis.Revision:
			now = stretchOn(b, term.From)
			return d.changes.repeated(ofBudget, int64(of), basis, budget.Stale(op))
		}
		if term, err = s.counted(op, term); err != nil {
			return err
		}
		b.Category, b.Revision, b.Terms = of, b.Revision+1, with(b.Terms, term)
		d.budgets[of] = b
		d.changes.note(ofBudget, int64(of), basis)
		now = stretchOn(b, term.From)
		return nil
	})
	if err != nil {
		return budget.Budget{}, err
	}
	return now, nil
}

// counted returns a term whose limit is in the storage's decimals, which it decides if the currency is new.
func (s *budgetStore) counted(op string, term budget.Term) (budget.Term, error) {
	if term.IsEnd() {
		return budget.Term{From: term.From}, nil
	}
	currency, known := s.db.currencies[term.Limit.Currency().Code()]
	if !known {
		s.db.setCurrency(term.Limit.Currency())
		return term, nil
	}
	var err error
	term.Limit, err = budget.Counted(op, term.Limit, currency)
	return term, err
}

// with returns the terms with one more, in the place of that of its month. One that ends the budget is the last.
func with(terms []budget.Term, term budget.Term) []budget.Term {
	at, found := slices.BinarySearchFunc(terms, term.From, func(t budget.Term, month civil.Month) int {
		return cmp.Compare(t.From.Number(), month.Number())
	})
	changed := append(slices.Clone(terms[:at]), term)
	if term.IsEnd() {
		return changed
	}
	if found {
		at++
	}
	return append(changed, terms[at:]...)
}

// stretchOn returns a budget with the term that stands at a month and all after it.
func stretchOn(b budget.Budget, from civil.Month) budget.Budget {
	return stretch(b, from, b.Terms[len(b.Terms)-1].From.Number())
}

// stretch returns a budget with the term that stands at a month, and those that start after it until the month of a number.
func stretch(b budget.Budget, from civil.Month, to int) budget.Budget {
	var terms []budget.Term
	for i, t := range b.Terms {
		stands := i+1 == len(b.Terms) || b.Terms[i+1].From.Number() > from.Number()
		if stands && t.From.Number() <= to {
			terms = append(terms, t)
		}
	}
	b.Terms = terms
	return b
}

// newBudgetStore returns the store of module budget.
func newBudgetStore(db *DB) *budgetStore { return &budgetStore{shelves: newShelves(db, newBudgetData)} }
