package web

import (
	"net/http"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// expensesView is a page of the list behind the first.
type expensesView struct {
	layout
	Days         []dayView
	Newer, Older string // addresses; empty if there is nothing there
	AtOldest     bool
}

// showExpenses answers GET /expenses.
func (s *Site) showExpenses(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	place, err := parseCursor(r.URL.Query())
	if err != nil {
		return err
	}
	var page expense.Page
	switch {
	case place.before != nil:
		page, err = s.service.PageBefore(r.Context(), actor, *place.before)
	case place.after != nil:
		page, err = s.service.PageAfter(r.Context(), actor, *place.after)
	case place.oldest:
		page, err = s.service.PageAfter(r.Context(), actor, expense.Position{})
	default:
		http.Redirect(w, r, "/", http.StatusSeeOther) // the newest expenses stand there
		return nil
	}
	if err != nil {
		return err
	}
	view := expensesView{
		layout: s.layout("Older expenses", ""),
		Days:   newDays(page.Expenses, s.service.Today(), place),
		Newer:  after(page.Newer), Older: before(page.Older), AtOldest: page.Older == nil,
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
