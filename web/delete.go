package web

import (
	"errors"
	"net/http"

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
	revision, err := revisionOf(r)
	if err != nil {
		return err
	}
	if _, err := s.service.Delete(r.Context(), actor, id, revision); err != nil {
		if stored, missing := s.storedNow(r.Context(), actor, id, err); missing != nil || !stored.Deleted {
			return s.editAgain(r, actor, id, place, nil, err)
		} // else it is as the user wants it: the button was pressed twice
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
	_, err = s.service.Restore(r.Context(), actor, id)
	if err != nil && !errors.Is(err, fault.Conflict) { // a Conflict says that it is not deleted (any more), which is what the user wants
		return err
	}
	redirect(w, r, place.address(), flash{kind: flashRestored, id: int64(id)})
	return nil
}
