package web

import (
	"errors"
	"net/http"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// deleteExpense answers POST /expenses/{id}/delete. The page that follows offers the way back.
func (s *Site) deleteExpense(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, place, err := expensePlace(r)
	if err != nil {
		return err
	}
	if err := s.readForm(r); err != nil {
		return err
	}
	saw, err := sawOf(r)
	if err != nil {
		return err
	}
	if _, err := s.service.Delete(r.Context(), actor, id, saw); err != nil {
		return s.pressedAgain(r, actor, id, place, err)
	}
	redirect(w, r, place.address(), flash{kind: flashDeleted, id: int64(id)})
	return nil
}

// restoreExpense answers POST /expenses/{id}/restore.
func (s *Site) restoreExpense(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, place, err := expensePlace(r)
	if err != nil {
		return err
	}
	if err := s.readForm(r); err != nil {
		return err
	}
	saw, err := sawOf(r)
	if err != nil {
		return err
	}
	if _, err := s.service.Restore(r.Context(), actor, id, saw); err != nil {
		return s.pressedAgain(r, actor, id, place, err)
	}
	redirect(w, r, place.address(), flash{kind: flashRestored, id: int64(id)})
	return nil
}

// pressedAgain returns the err of a button without fields as one that shows the expense as it is now, or where its outcome is
// unknown, the button once more.
func (s *Site) pressedAgain(r *http.Request, actor ledger.Actor, id expense.ID, place cursor, err error) error {
	if !errors.Is(err, fault.Unavailable) {
		return s.editAgain(r, actor, id, place, nil, err)
	}
	return &formError{err: explainChange(err), again: func(p problem) ([]byte, error) {
		again := &againView{Path: r.URL.Path + place.query(), Revision: r.PostForm.Get(fieldRevision)}
		return s.pages.fault.render(faultView{layout: s.layout(p.Title, ""), Problem: p, Again: again})
	}}
}
