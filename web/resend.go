package web

import (
	"errors"
	"net/http"

	"expense-tracker/core/fault"
	"expense-tracker/web/accounts"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/problem"
)

// resendable returns err, where it is none of the sender's fault and has no page of its own, as one that is answered with a button which
// sends the form once more: what was typed is not lost because the storage is away, or because too many ask at once.
func (s *Site) resendable(r *http.Request, err error) error {
	if err == nil || isRead(r) || !takesPages(r) || problem.HasPage(err) || !problem.IsOurs(err) && !errors.Is(err, fault.Busy) {
		return err
	}
	if unread := form.Read(r); unread != nil || !accounts.CanBeResent(r.PostForm) {
		return err
	}
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		again := form.Again(r.URL.RequestURI(), r.PostForm, p.T("Try again"))
		return s.problems.Page(p, &again)
	})
}
