package household

import (
	"net/http"

	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// joinView shows what an invitation offers.
type joinView struct {
	page.Layout
	Ledger, By, About, Until string
	Action                   string
	Has                      string // the role that the reader has in the ledger already, or nothing
}

const titleJoin words.Phrase = "An invitation"

// Offer answers GET /join/{token}.
func (a *Area) Offer(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	hideAddress(w)
	ctx, in, token := r.Context(), a.Words.Of(r), r.PathValue("token")
	offer, err := a.service.Look(ctx, actor.User, token)
	if err != nil {
		return err
	}
	name, err := a.People.Of(ctx, in, offer.By)
	if err != nil {
		return err
	}
	view := joinView{
		Layout: a.Frame.Layout(in, actor, in.T(titleJoin), ""), Ledger: offer.Ledger.Name, By: name(offer.By),
		About: in.T(wordsOf(offer.Role).about),
		Until: until(in, offer.Ledger, offer.Invitation), Action: joinAddress + token,
	}
	if now, err := a.service.Actor(ctx, actor.User, offer.Ledger.ID); err == nil {
		view.Has = in.T(wordsOf(now.Role).name)
	}
	return a.join.Show(w, view)
}

// Accept answers POST /join/{token}. The browser shows the ledger from then on.
func (a *Area) Accept(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	hideAddress(w)
	if err := form.Read(r); err != nil {
		return err
	}
	joined, err := a.service.Accept(r.Context(), actor.User, r.PathValue("token"))
	if err != nil {
		return problem.MaybeChanged(err)
	}
	a.setWish(w, joined.Ledger.ID)
	a.happened.joined.Redirect(w, r, address.Home, int64(joined.Ledger.ID))
	return nil
}
