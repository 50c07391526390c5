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
	return s.page(ctx, actor, ListQuery{Before: &before})
}

// PageAfter returns the page of expenses next to the position on its newer side; the zero Position stands before the oldest expense.
func (s *Service) PageAfter(ctx context.Context, actor ledger.Actor, after Position) (Page, error) {
	return s.page(ctx, actor, ListQuery{After: &after})
}

func (s *Service) page(ctx context.Context, actor ledger.Actor, query ListQuery) (Page, error) {
	const op = "expense.List"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return Page{}, err
	}
	if !mayBePlace(query.Before) || !mayBePlace(query.After) {
		return Page{}, errNoPlace(op)
	}
	query.Limit = s.settings.PageSize + 1
	found, err := s.store.List(ctx, actor.Ledger.ID, query)
	if err != nil {
		return Page{}, err
	}
	return s.cut(query, found), nil
}

// cut makes a page of expenses of which there may be one too many.
func (s *Service) cut(query ListQuery, found []Expense) Page {
	var page Page
	page.Expenses, page.Newer, page.Older = cutPage(found, s.settings.PageSize, query.Before, query.After, PositionOf)
	return page
}

// cutPage makes a page of what a storage has found, newest first, next to a position: on its older side if it is before, on its newer side
// if it is after, or from the newest on. There may be one row more than the page has, which tells that there are others beyond it. It
// returns where the newer page ends and where the older one starts; nil if there is none. The zero position stands before the oldest row.
func cutPage[T any, P comparable](found []T, size int, before, after *P, positionOf func(T) P) (rows []T, newer, older *P) {
	rows, more := found, len(found) > size
	switch {
	case more && after != nil:
		rows = slices.Clip(found[len(found)-size:]) // the one too many is the newest
	case more:
		rows = found[:size]
	}
	if len(rows) == 0 {
		return rows, before, nil
	}
	var zero P
	newest, oldest := positionOf(rows[0]), positionOf(rows[len(rows)-1])
	if before != nil || after != nil && more {
		newer = &newest
	}
	if after != nil && *after != zero || after == nil && more {
		older = &oldest
	}
	return rows, newer, older
}

// mayBePlace reports whether an expense can stand at the position. None and the zero Position, which is before the oldest
// expense, are places too.
func mayBePlace(p *Position) bool {
	return p == nil || *p == Position{} || p.ID > 0 && maySpendOn(p.Date)
}

func errNoPlace(op string) error {
	return fault.New(fault.NotFound, op, "the list has no such place")
}
