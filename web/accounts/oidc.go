package accounts

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/cookie"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// AddressReturn is where a provider sends browsers back to.
const AddressReturn = AddressLogin + "/oidc/callback"

// attemptCookie holds what binds an attempt to the browser that began it.
const attemptCookie = "expense_oidc"

const (
	titleLeaving   words.Phrase = "On to %s"
	titleNotLinked words.Phrase = "Nothing was linked"
	titleAway      words.Phrase = "No answer"

	saidLinked   words.Phrase = "Linked: from now on you can sign in that way."
	saidUnlinked words.Phrase = "Unlinked. Every other browser was signed out."
)

// leavingView is the page on the way to a provider.
type leavingView struct {
	page.Layout
	Provider, Address string
}

// linkView is what an account's page says of the provider.
type linkView struct {
	Provider string
	Shown    string // what the provider calls the user; empty if the account is not linked
	Asks     bool   // for the password
	Stays    bool   // it is the only way in
	Confirm  form.Field
}

// provider returns what people call the provider; nothing if nobody signs in that way.
func (a *Area) provider() string {
	if a.federation == nil {
		return ""
	}
	return a.federation.Name()
}

// explainAway makes of a problem one of a provider that did not answer, if the error is that, and no storage's.
func (a *Area) explainAway(p *problem.Problem, err error) {
	if errors.Is(err, account.ErrAway) {
		p.Title, p.RequestID = p.T(titleAway), ""
	}
}

// BeginSignIn answers POST /login/oidc.
func (a *Area) BeginSignIn(w http.ResponseWriter, r *http.Request) error {
	if err := form.Read(r); err != nil {
		return err
	}
	next := onwardOf(r)
	begun, err := a.federation.Begin(r.Context(), a.browser(r), withKept(next), a.client(r))
	if err != nil {
		a.options.SignedIn(r.Context(), err)
		return a.notSignedIn(r, err, next)
	}
	return a.leave(w, r, begun)
}

// longestCarried bounds a form that is kept on the way to a provider and back: the storage has it meanwhile.
const longestCarried = 16 << 10

// withKept returns where a browser goes afterwards, with the form that is kept until then. No path has a space.
func withKept(next onward) string {
	if _, ok := unpack(next.Kept); !ok || len(next.Kept) > longestCarried {
		return next.To
	}
	return next.To + " " + next.Kept
}

// notSignedIn shows the page to sign in, with what went wrong at the provider.
func (a *Area) notSignedIn(r *http.Request, err error, next onward) error {
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		switch p.Kind {
		case fault.Unauthenticated, fault.Forbidden, fault.Conflict:
			p.Title = p.T(titleRefused)
		default:
			a.explainAway(&p, err)
		}
		return a.login.Render(a.loginView(r, p.In, p.Title, next, &p))
	})
}

// BeginSetUp answers POST /setup/oidc.
func (a *Area) BeginSetUp(w http.ResponseWriter, r *http.Request) error {
	if err := form.Read(r); err != nil {
		return err
	}
	begun, err := a.federation.BeginSetUp(r.Context(), r.PostForm.Get(account.FieldCode), a.browser(r), a.client(r))
	if err != nil {
		return a.notSetUp(r, err)
	}
	return a.leave(w, r, begun)
}

// BeginLink answers POST /account/oidc.
func (a *Area) BeginLink(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	if err := form.Read(r); err != nil {
		return err
	}
	begun, err := a.federation.BeginLink(r.Context(), who, r.PostForm.Get(account.FieldConfirm), a.browser(r), Address,
		a.client(r))
	if err != nil {
		return a.notLinked(r, actor, who, err)
	}
	return a.leave(w, r, begun)
}

// Unlink answers POST /account/oidc/unlink.
func (a *Area) Unlink(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	if err := form.Read(r); err != nil {
		return err
	}
	opened, err := a.federation.Unlink(r.Context(), who, r.PostForm.Get(account.FieldConfirm), a.client(r))
	if err != nil {
		return a.notLinked(r, actor, who, err)
	}
	a.admit(w, opened)
	a.unlinked.Redirect(w, r, Address, 1)
	return nil
}

// notLinked shows the account's page with what went wrong.
func (a *Area) notLinked(r *http.Request, actor ledger.Actor, who account.Signed, err error) error {
	return a.again(r, actor, who, err, func(view *accountView, p problem.Problem) {
		a.explainAway(&p, err)
		view.Title, view.Problem = p.Title, &p
		view.Link.Confirm.Error = p.MessageAt(account.FieldConfirm)
		focusFirst(&view.Link.Confirm)
	})
}

// leave leads to the provider. A redirect would not do: the policy of our pages lets forms lead to this site alone, and browsers hold every
// redirect to that, also those that the provider makes. A page that moves on by itself is none.
func (a *Area) leave(w http.ResponseWriter, r *http.Request, begun account.Departure) error {
	in := a.Words.Of(r)
	a.Cookies.Set(w, cookie.Cookie{Name: attemptCookie, Value: begun.Browser, Seconds: int(account.AttemptLasts.Seconds())})
	w.Header()["Refresh"] = []string{"0; url=" + begun.Address}
	return a.leaving.Show(w, leavingView{
		Layout: a.Frame.Bare(in, in.T(titleLeaving, a.provider())), Provider: a.provider(), Address: begun.Address,
	})
}

// browser returns what the browser keeps of its attempts, or nothing.
func (a *Area) browser(r *http.Request) string { return a.Cookies.Get(r, attemptCookie) }

// Return answers GET /login/oidc/callback, to which the provider sends the browser back. Nothing of its address is shown.
func (a *Area) Return(w http.ResponseWriter, r *http.Request) error {
	who, err := a.Who(r)
	isIn := err == nil
	if err != nil && !errors.Is(err, fault.Unauthenticated) {
		return err
	}
	query := r.URL.Query()
	finished, err := a.federation.Finish(r.Context(), account.Answer{
		Browser: a.browser(r), State: query.Get("state"), Code: query.Get("code"), Issuer: query.Get("iss"), Failed: query.Get("error"),
		Invitation: func(to string) string {
			path, _, _ := strings.Cut(to, " ")
			return invitationOf(path)
		},
	}, who, a.client(r))
	if finished.Aim != account.AimLink {
		a.options.SignedIn(r.Context(), err)
	}
	given, kept, _ := strings.Cut(finished.To, " ")
	next := onward{localPath(given), kept}
	switch {
	case err != nil && isIn:
		return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
			p.Title = p.T(titleNotLinked)
			return a.Problems.Page(p, nil)
		})
	case err != nil:
		return a.notSignedIn(r, err, next)
	case finished.Aim == account.AimLink:
		a.linked.Redirect(w, r, Address, 1)
		return nil
	}
	if finished.Joined {
		if err := a.replaceSession(w, r, finished.Opened); err != nil {
			return err
		}
		return a.options.Welcome(w, r, invitationOf(next.To))
	}
	return a.enter(w, r, finished.Opened, next)
}

// noPassword is what a form with a password is answered where nobody signs in with one.
func (a *Area) noPassword() error {
	return fault.New(fault.Forbidden, "accounts.SignIn", "nobody signs in with a password here; sign in with %s", a.provider())
}

// linkView returns what an account's page says of the provider; nil if nobody signs in that way.
func (a *Area) linkView(ctx context.Context, who account.Signed, hasPassword bool) (*linkView, error) {
	if a.federation == nil {
		return nil, nil //nolint:nilnil // there is nothing to show
	}
	view := &linkView{Provider: a.provider(), Asks: hasPassword}
	link, err := a.federation.LinkOf(ctx, who)
	switch {
	case errors.Is(err, fault.NotFound):
		return view, nil
	case err != nil:
		return nil, err
	}
	view.Shown, view.Stays = link.Shown, !hasPassword || a.options.NoPasswords
	return view, nil
}
