package household

import (
	"net/http"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// invitedView shows the link of an invitation, once.
type invitedView struct {
	page.Layout
	Ledger, Role, Until, Note string
	Link                      string // whole, as it is sent to somebody
}

const titleInvited words.Phrase = "Your invitation"

// Invite answers POST /people/invitations with the link. There is no redirect, since no other request may show it; the same form sent
// again shows the same one.
func (a *Area) Invite(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if err := form.Read(r); err != nil {
		return err
	}
	draft := member.InviteDraft{
		Token: r.PostForm.Get(fieldToken), Role: r.PostForm.Get(member.FieldRole), Note: r.PostForm.Get(member.FieldNote),
	}
	made, token, err := a.service.Invite(r.Context(), actor, draft)
	if err != nil {
		in := a.Words.Of(r)
		return a.again(r, actor, problem.MaybeChanged(err), func(view *peopleView, p problem.Problem) {
			view.Invite.Roles = choices(in, draft.Role)
			view.Invite.Role.Error = p.MessageAt(member.FieldRole)
			view.Invite.Note = form.Field{Value: form.Typed(r, member.FieldNote), Error: p.MessageAt(member.FieldNote), Focus: true}
		})
	}
	in := a.Words.Of(r)
	hideAddress(w)
	return a.invited.Show(w, invitedView{
		Layout: a.Frame.Layout(in, actor, in.T(titleInvited), section), Ledger: actor.Ledger.Name, Role: in.T(wordsOf(made.Role).name),
		Until: a.until(in, actor.Ledger, made), Note: made.Note, Link: a.siteURL(r) + joinAddress + token.Text(),
	})
}

// hideAddress keeps the page's address out of what its links and forms send along: it may have a secret in it. Its site is told, for
// without that browsers say that a form comes from nowhere, which is refused.
func hideAddress(w http.ResponseWriter) { w.Header().Set("Referrer-Policy", "strict-origin") }

// Withdraw answers POST /people/invitations/{id}/withdraw.
func (a *Area) Withdraw(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	if err := a.service.Withdraw(r.Context(), actor, member.InvitationID(id)); err != nil {
		return a.again(r, actor, problem.MaybeChanged(err), nil)
	}
	a.happened.withdrawn.Redirect(w, r, PeopleAddress, id)
	return nil
}
