package accounts

import (
	"errors"
	"net/http"
	"strings"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// addressJoin begins the address of each invitation.
const addressJoin = "/join/"

const titleJoin words.Phrase = "An invitation"

// Offered is what an invitation offers, in a reader's words.
type Offered struct{ Ledger, By, About, Until string }

// joinView is the page of an invitation for who is not signed in.
type joinView struct {
	page.Layout
	Offered
	To             string // the page's own address, which whoever signs in is led back to
	SignIn         string // where that is done
	Name, Password form.Field
	Least          int // characters of a password
	Problem        *problem.Problem

	Passwords bool   // the account may have a password
	Provider  string // where its owner may sign in instead; empty for nowhere
}

// invitationOf returns the token of the invitation that an address of this site is of; nothing if it is of none.
func invitationOf(to string) string {
	token, found := strings.CutPrefix(to, addressJoin)
	if !found || strings.ContainsAny(token, "/?") {
		return ""
	}
	return token
}

// hideAddress keeps the page's address, which has a secret, out of what its links and forms send along. Its site is told, for without that
// browsers say that a form comes from nowhere, which is refused.
func hideAddress(w http.ResponseWriter) { w.Header().Set("Referrer-Policy", "strict-origin") }

func (a *Area) joinView(r *http.Request, in *words.Language, title string) (joinView, error) {
	token := r.PathValue("token")
	offered, err := a.options.Offered(r.Context(), in, token)
	to := addressJoin + token
	return joinView{
		Layout: a.Frame.Bare(in, title), Offered: offered, To: to, SignIn: with(AddressLogin, to), Least: account.MinPassword,
		Passwords: !a.options.NoPasswords, Provider: a.provider(),
	}, err
}

// Offer answers GET /join/{token} to who is not signed in.
func (a *Area) Offer(w http.ResponseWriter, r *http.Request) error {
	hideAddress(w)
	if done, err := a.service.IsSetUp(r.Context()); err != nil {
		return err
	} else if !done {
		redirect(w, addressSetup)
		return nil
	}
	if err := a.service.Invited(r.Context(), r.PathValue("token"), a.client(r)); err != nil {
		return err
	}
	in := a.Words.Of(r)
	view, err := a.joinView(r, in, in.T(titleJoin))
	if err != nil {
		return err
	}
	return a.join.Show(w, view)
}

// Join answers POST /join/{token}/account: it makes an account, which joins and is signed in.
func (a *Area) Join(w http.ResponseWriter, r *http.Request) error {
	hideAddress(w)
	if err := form.Read(r); err != nil {
		return err
	}
	token := r.PathValue("token")
	if _, err := a.Who(r); err == nil { // who has an account joins with that
		redirect(w, addressJoin+token)
		return nil
	}
	opened, err := a.service.Join(r.Context(), token,
		account.Draft{Name: r.PostForm.Get(account.FieldName), Password: r.PostForm.Get(account.FieldPassword)}, a.client(r))
	if err == nil && opened.Half != "" { // the same form again, and the account has a second step by now
		return a.askForCode(w, r, opened.Half, onward{To: localPath("")})
	}
	if err != nil {
		return a.notJoined(r, err)
	}
	a.options.SignedIn(r.Context(), nil)
	a.admit(w, opened)
	return a.options.Welcome(w, r, token)
}

// notJoined shows the form that was refused once more; or what is wrong with the invitation, in which case there is nothing to mend.
func (a *Area) notJoined(r *http.Request, err error) error {
	view, gone := a.joinView(r, a.Words.Of(r), "")
	kind := fault.KindOf(err)
	isOver := kind == fault.NotFound || kind == fault.Forbidden || kind == fault.Conflict && len(fault.ViolationsOf(err)) == 0
	if isOver || gone != nil && !errors.Is(gone, fault.Unavailable) {
		return problem.MaybeChanged(err)
	}
	if kind == fault.Conflict { // a name that is taken is something to mend, and nothing that has changed meanwhile
		err = &fault.Error{Kind: fault.Invalid, Op: "accounts.Join", Violations: fault.ViolationsOf(err)}
	}
	return problem.OnPage(problem.MaybeChanged(err), func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		view.Title, view.Problem = p.Title, &p
		view.Name = typed(r, p, account.FieldName)
		view.Password.Error = p.MessageAt(account.FieldPassword) // what was typed is not sent back
		focusFirst(&view.Name, &view.Password)
		return a.join.Render(view)
	})
}
