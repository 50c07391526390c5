package web

import (
	"context"
	"net/http"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// expensesView is a page of the list behind the first.
type expensesView struct {
	layout
	Days         []dayView
	Newer, Older string // addresses; empty if there is nothing there
}

// showExpenses answers GET /expenses. Unless there is something to say that just happened, the page is kept as long as the ledger
// stands still.
func (s *Site) showExpenses(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	place, err := parseCursor(r.URL.Query())
	if err != nil {
		return err
	}
	if place == (cursor{}) {
		http.Redirect(w, r, "/", http.StatusSeeOther) // the newest expenses stand there
		return nil
	}
	if _, happened := flashOf(r); !happened {
		page, err := s.kept.get(r.Context(), actor, place, s.service.Today())
		if err != nil {
			return err
		}
		s.sendKept(w, r, page)
		return nil
	}
	view, err := s.expensesView(r.Context(), actor, place, s.service.Today())
	if err != nil {
		return err
	}
	if view.Flash, err = s.takeFlash(w, r, actor); err != nil {
		return err
	}
	content, err := s.pages.expenses.render(view)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, content)
	return nil
}

// renderPlain renders pages for the cache. The list does not say of which state it was read: it was at now's or a later one.
func (s *Site) renderPlain(ctx context.Context, actor ledger.Actor, place cursor, now moment) ([]byte, moment, error) {
	if place == (cursor{}) {
		home, err := s.service.Home(ctx, actor)
		if err != nil {
			return nil, moment{}, err
		}
		content, err := s.pages.home.render(s.homeView(home, now.day))
		return content, moment{home.State, now.day}, err
	}
	view, err := s.expensesView(ctx, actor, place, now.day)
	if err != nil {
		return nil, moment{}, err
	}
	if len(view.Days) == 0 {
		now = moment{} // anybody can make up places where nothing stands
	}
	content, err := s.pages.expenses.render(view)
	return content, now, err
}

// expensesView reads the page at a place, which is not the zero cursor.
func (s *Site) expensesView(ctx context.Context, actor ledger.Actor, place cursor, today civil.Date) (expensesView, error) {
	page, err := s.pageAt(ctx, actor, place)
	if err != nil {
		return expensesView{}, err
	}
	return expensesView{
		layout: s.layout("Older expenses", ""),
		Days:   newDays(page.Expenses, today, place),
		Newer:  after(page.Newer), Older: before(page.Older),
	}, nil
}

func (s *Site) pageAt(ctx context.Context, actor ledger.Actor, place cursor) (expense.Page, error) {
	switch {
	case place.before != nil:
		return s.service.PageBefore(ctx, actor, *place.before)
	case place.after != nil:
		return s.service.PageAfter(ctx, actor, *place.after)
	}
	return s.service.PageAfter(ctx, actor, expense.Position{}) // the oldest
}
