package tokens

import (
	"net/http"

	"expense-tracker/core/ledger"
	"expense-tracker/core/token"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
)

// madeView shows a token, once.
type madeView struct {
	page.Layout
	Ledger, Name, Ends string
	Secret             string
	Add, Get           string // lines for a shell; Add is empty for a token that reads
}

// Make answers POST /tokens with the token. There is no redirect, since no other request may show it.
func (a *Area) Make(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if err := form.Read(r); err != nil {
		return err
	}
	draft := token.Draft{
		Name: r.PostForm.Get(token.FieldName), Scope: r.PostForm.Get(token.FieldScope), Ends: r.PostForm.Get(token.FieldEnds),
		Until: r.PostForm.Get(token.FieldUntil),
	}
	made, secret, err := a.service.Make(r.Context(), actor, r.PostForm.Get(fieldKey), draft)
	if err != nil {
		return a.again(r, actor, titleNotMade, problem.MaybeChanged(err), &draft)
	}
	in, own := a.Words.Of(r), actor.Ledger
	view := madeView{
		Layout: a.Frame.Layout(in, actor, in.T(titleMade), section), Ledger: own.Name, Name: made.Name, Secret: secret.Text(),
		Ends: in.Date(own.Today(made.Until.Add(-1)), a.service.Today(own)),
		Get:  "curl -H 'Authorization: Bearer " + secret.Text() + "' " + a.siteURL(r) + address.SearchFile,
	}
	if made.Scope == token.Write {
		view.Add = "curl -H 'Authorization: Bearer " + secret.Text() + "' -d category=Coffee -d price=3.20 " + a.siteURL(r) + "/add"
	}
	return a.made.Show(w, view)
}

// Revoke answers POST /tokens/{id}/revoke.
func (a *Area) Revoke(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	if err := a.service.Revoke(r.Context(), actor, token.ID(id)); err != nil {
		return a.again(r, actor, titleNotDone, problem.MaybeChanged(err), nil)
	}
	a.revoked.Redirect(w, r, Address, id)
	return nil
}
