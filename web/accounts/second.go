package accounts

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
)

// secondView is the page of the second step of one's log-in: off, being set up, or on.
type secondView struct {
	page.Layout
	User     string
	On       bool
	Left     int64        // recovery codes
	Secret   string       // for the app, in groups, while it is set up
	Link     template.URL // that an app on this device opens
	Picture  *qrView
	Password form.Field
	Code     form.Field
	Proof    form.Field
	Problem  *problem.Problem
}

// recoveryView shows recovery codes, once.
type recoveryView struct {
	page.Layout
	Codes []string
}

// Second answers GET /account/second.
func (a *Area) Second(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	view, err := a.secondView(r, actor, who)
	if err != nil {
		return err
	}
	if view.Notice, err = a.Notices.Take(w, r, a.Words.Of(r), actor); err != nil {
		return err
	}
	return a.second.Show(w, view)
}

func (a *Area) secondView(r *http.Request, actor ledger.Actor, who account.Signed) (secondView, error) {
	state, err := a.service.SecondFactor(r.Context(), who)
	if err != nil {
		return secondView{}, err
	}
	in := a.Words.Of(r)
	view := secondView{Layout: a.Frame.Layout(in, actor, in.T(titleSecond), section), User: who.User.Name, On: state.On}
	view.Left = int64(state.Left)
	if state.Secret != "" {
		view.Secret, view.Link = grouped(state.Secret), template.URL(state.Link) //nolint:gosec // made here, of a secret and an escaped name
		view.Picture, err = newQR(state.Link)
	}
	return view, err
}

// grouped returns a secret as people type it off a screen.
func grouped(secret string) string {
	var groups []string
	for group := range slices.Chunk([]byte(secret), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

// StartSecond answers POST /account/second.
func (a *Area) StartSecond(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	if err := form.Read(r); err != nil {
		return err
	}
	err := a.service.StartFactor(r.Context(), who, r.PostForm.Get(account.FieldPassword), a.client(r))
	if err != nil {
		return a.secondAgain(r, actor, who, problem.MaybeChanged(err))
	}
	redirect(w, addressSecond)
	return nil
}

// DropSecond answers POST /account/second/drop.
func (a *Area) DropSecond(w http.ResponseWriter, r *http.Request, _ ledger.Actor, who account.Signed) error {
	err := form.Read(r)
	if err == nil {
		err = a.service.DropFactor(r.Context(), who)
	}
	if err != nil {
		return err
	}
	redirect(w, addressSecond)
	return nil
}

// ConfirmSecond answers POST /account/second/confirm with the recovery codes. There is no redirect, since no other request may show them.
func (a *Area) ConfirmSecond(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	return a.showCodes(w, r, actor, who, account.FieldCode, a.service.ConfirmFactor)
}

// NewCodes answers POST /account/second/codes with other recovery codes.
func (a *Area) NewCodes(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	return a.showCodes(w, r, actor, who, account.FieldProof, a.service.NewRecoveryCodes)
}

// EndSecond answers POST /account/second/end.
func (a *Area) EndSecond(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	if err := form.Read(r); err != nil {
		return err
	}
	opened, err := a.service.EndFactor(r.Context(), who, r.PostForm.Get(account.FieldProof), a.client(r))
	if err != nil {
		return a.secondAgain(r, actor, who, problem.MaybeChanged(err))
	}
	a.admit(w, opened)
	a.secondOff.Redirect(w, r, addressSecond, 1)
	return nil
}

// secondAgain shows the page with a form that was refused. Of what was typed nothing is sent back.
func (a *Area) secondAgain(r *http.Request, actor ledger.Actor, who account.Signed, err error) error {
	view, failed := a.secondView(r, actor, who)
	if failed != nil {
		return failed
	}
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		view.Title, view.Problem = p.Title, &p
		view.Password.Error, view.Code.Error = p.MessageAt(account.FieldPassword), p.MessageAt(account.FieldCode)
		view.Proof.Error = p.MessageAt(account.FieldProof)
		focusFirst(&view.Password, &view.Code, &view.Proof)
		return a.second.Render(view)
	})
}

// makeCodes is a use case whose answer is recovery codes.
type makeCodes func(context.Context, account.Signed, string, account.Client) (account.Opened, []string, error)

func (a *Area) showCodes(
	w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed, field string, of makeCodes,
) error {
	if err := form.Read(r); err != nil {
		return err
	}
	opened, codes, err := of(r.Context(), who, r.PostForm.Get(field), a.client(r))
	if err != nil {
		return a.secondAgain(r, actor, who, problem.MaybeChanged(err))
	}
	a.admit(w, opened)
	in := a.Words.Of(r)
	return a.recovery.Show(w, recoveryView{Layout: a.Frame.Layout(in, actor, in.T(titleRecovery), section), Codes: codes})
}
