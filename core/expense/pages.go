package expense

import (
	"context"
	"slices"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// MaxSuggestions is how many categories are offered to choose one from. Any other can be named.
const MaxSuggestions = 200

// What an overview shows besides a page of expenses.
const (
	overviewMonths     = 12
	overviewCategories = 12
	overviewCurrencies = 6
	categoriesPage     = 200
)

// Page is a stretch of a ledger's list, newest first.
type Page struct {
	Expenses []Expense
	Newer    *Position // where the newer page ends; nil if there is none
	Older    *Position // where the older page starts; nil if there is none
}

// Home is what the first page shows.
type Home struct {
	Overview
	Older *Position // where the page of older expenses starts; nil if there are none
}

// State returns the name of what the actor's ledger holds now.
func (s *Service) State(ctx context.Context, actor ledger.Actor) (ledger.State, error) {
	if err := actor.Require(ledger.Viewer, "expense.State"); err != nil {
		return ledger.State{}, err
	}
	return s.store.State(ctx, actor.Ledger.ID)
}

// Home returns the newest expenses and the totals as of this month, all of one moment.
func (s *Service) Home(ctx context.Context, actor ledger.Actor) (Home, error) {
	if err := actor.Require(ledger.Viewer, "expense.Home"); err != nil {
		return Home{}, err
	}
	overview, err := s.store.Overview(ctx, actor.Ledger.ID, OverviewQuery{
		Month:       s.Today(actor).MonthOf(),
		Newest:      s.settings.PageSize + 1, // one more tells whether there are older ones
		Months:      overviewMonths,
		Categories:  overviewCategories,
		Suggestions: MaxSuggestions,
		Currency:    actor.Ledger.Currency.Code(),
		Currencies:  overviewCurrencies,
	})
	if err != nil {
		return Home{}, err
	}
	home := Home{Overview: overview}
	charted := Charted(home.AllTime, actor.Ledger.Currency.Code(), overviewCurrencies)
	home.Trend = slices.DeleteFunc(home.Trend, func(t MonthTotal) bool { return !slices.Contains(charted, t.Amount.Currency()) })
	if len(home.Newest) > s.settings.PageSize {
		home.Newest = home.Newest[:s.settings.PageSize]
		home.Older = lastPosition(home.Newest)
	}
	return home, nil
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
