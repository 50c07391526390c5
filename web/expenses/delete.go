package expenses

import (
	"context"
	"errors"
	"net/http"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/problem"
)

// Delete answers POST /expenses/{id}/delete. The page that follows offers the way back.
func (a *Area) Delete(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.press(w, r, actor, a.service.Delete, a.notices.deleted)
}

// Restore answers POST /expenses/{id}/restore.
func (a *Area) Restore(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.press(w, r, actor, a.service.Restore, a.notices.restored)
}

// Undo answers POST /expenses/{id}/undo: it takes back the change that the page before told of.
func (a *Area) Undo(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.press(w, r, actor, a.service.Undo, a.notices.undone)
}

// press does what the buttons without fields have in common.
func (a *Area) press(w http.ResponseWriter, r *http.Request, actor ledger.Actor,
	change func(context.Context, ledger.Actor, expense.ID, revision.Seen) (expense.Expense, error), happened notice.Kind) error {
	id, place, err := expensePlace(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	saw, err := form.Saw(r)
	if err != nil {
		return err
	}
	if _, err := change(r.Context(), actor, id, saw); err != nil {
		return a.pressedAgain(r, actor, id, place, err)
	}
	happened.Redirect(w, r, place.address(), int64(id))
	return nil
}

// pressedAgain returns the error of a button as one that shows the expense as it is now. Where its outcome is unknown, the site shows the
// button once more.
func (a *Area) pressedAgain(r *http.Request, actor ledger.Actor, id expense.ID, place cursor, err error) error {
	if !errors.Is(err, fault.Unavailable) {
		return a.editAgain(r, actor, id, place, nil, err)
	}
	return problem.MaybeChanged(err)
}
