package household

import (
	"context"
	"net/http"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// joinView shows what an invitation offers.
type joinView struct {
	page.Layout
	Offered
	Action string
	Has    string // the role that the reader has in the ledger already, or nothing
}

const titleJoin words.Phrase = "An invitation"

// Offered is what an invitation offers, in a reader's words.
type Offered struct{ Ledger, By, About, Until string }

// OfferTo says what an invitation offers to a user, 0 for who is none yet; an error if it cannot be accepted.
func (a *Area) OfferTo(ctx context.Context, in *words.Language, user ledger.UserID, token string) (Offered, error) {
	_, offered, err := a.look(ctx, in, user, token)
	return offered, err
}

func (a *Area) look(ctx context.Context, in *words.Language, user ledger.UserID, token string) (member.Offer, Offered, error) {
	offer, err := a.service.Look(ctx, user, token)
	if err != nil {
		return member.Offer{}, Offered{}, err
	}
	name, err := a.People.Of(ctx, in, offer.By)
	if err != nil {
		return member.Offer{}, Offered{}, err
	}
	return offer, Offered{
		Ledger: offer.Ledger.Name, By: name(offer.By), About: in.T(wordsOf(offer.Role).about),
		Until: a.until(in, offer.Ledger, offer.Invitation),
	}, nil
}

// Offer answers GET /join/{token}.
func (a *Area) Offer(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	hideAddress(w)
	ctx, in, token := r.Context(), a.Words.Of(r), r.PathValue("token")
	offer, offered, err := a.look(ctx, in, actor.User, token)
	if err != nil {
		return err
	}
	view := joinView{Layout: a.Frame.Layout(in, actor, in.T(titleJoin), ""), Offered: offered, Action: joinAddress + token}
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
	a.welcome(w, r, joined.Ledger.ID)
	return nil
}

// Welcome leads who has just joined by an invitation to its ledger.
func (a *Area) Welcome(w http.ResponseWriter, r *http.Request, token string) error {
	joined, err := member.ParseToken("household.Welcome", token)
	if err == nil {
		a.welcome(w, r, joined.Ledger())
	}
	return err
}

func (a *Area) welcome(w http.ResponseWriter, r *http.Request, id ledger.ID) {
	a.setWish(w, id)
	a.happened.joined.Redirect(w, r, address.Home, int64(id))
}
