package expense

import (
	"context"
	"slices"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Page is a stretch of a ledger's list, newest first.
type Page struct {
	Expenses []Expense
	Newer    *Position // where the newer page ends; nil if there is none
	Older    *Position // where the older page starts; nil if there is none
}

// PageBefore returns the page of expenses older than the position. A position where no expense can stand is NotFound, as it is for
// PageAfter.
func (s *Service) PageBefore(ctx context.Context, actor ledger.Actor, before Position) (Page, error) {
	expenses, more, err := s.list(ctx, actor, ListQuery{Before: &before})
	if err != nil {
		return Page{}, err
	}
	page := Page{Expenses: expenses, Newer: &before}
	if len(expenses) > 0 {
		page.Newer = firstPosition(expenses)
	}
	if more {
		page.Older = lastPosition(expenses)
	}
	return page, nil
}

// PageAfter returns the page of expenses next to the position on its newer side; the zero Position stands before the oldest expense.
func (s *Service) PageAfter(ctx context.Context, actor ledger.Actor, after Position) (Page, error) {
	expenses, more, err := s.list(ctx, actor, ListQuery{After: &after})
	if err != nil {
		return Page{}, err
	}
	page := Page{Expenses: expenses}
	if more {
		page.Newer = firstPosition(expenses)
	}
	if after != (Position{}) && len(expenses) > 0 {
		page.Older = lastPosition(expenses)
	}
	return page, nil
}

// list asks for one expense more than a page has, cuts it off, and says whether it was there.
func (s *Service) list(ctx context.Context, actor ledger.Actor, query ListQuery) ([]Expense, bool, error) {
	if err := actor.Require(ledger.Viewer, "expense.List"); err != nil {
		return nil, false, err
	}
	if !mayBePlace(query.Before) || !mayBePlace(query.After) {
		return nil, false, errNoPlace("expense.List")
	}
	query.Limit = s.settings.PageSize + 1
	expenses, err := s.store.List(ctx, actor.Ledger.ID, query)
	if err != nil {
		return nil, false, err
	}
	extra := len(expenses) - s.settings.PageSize
	if extra <= 0 {
		return expenses, false, nil
	}
	if query.After != nil {
		return slices.Clip(expenses[extra:]), true, nil // the one too many is the newest
	}
	return expenses[:s.settings.PageSize], true, nil
}

// mayBePlace reports whether an expense can stand at the position. None and the zero Position, which is before the oldest
// expense, are places too.
func mayBePlace(p *Position) bool {
	return p == nil || *p == Position{} || p.ID > 0 && maySpendOn(p.Date)
}

func errNoPlace(op string) error {
	return fault.New(fault.NotFound, op, "the list has no such place")
}

func firstPosition(expenses []Expense) *Position {
	p := PositionOf(expenses[0])
	return &p
}

func lastPosition(expenses []Expense) *Position {
	p := PositionOf(expenses[len(expenses)-1])
	return &p
}
