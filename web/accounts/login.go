package accounts

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// fieldTo says where to go when one is signed in.
const fieldTo = "to"

// longestTo bounds it: what is longer is not worth the way back.
const longestTo = 2000

// loginView is the page to sign in.
type loginView struct {
	page.Layout
	onward
	Name    form.Field
	Passkey bool // browsers use passkeys here
	Problem *problem.Problem

	Passwords bool   // people sign in with a name and a password
	Provider  string // where people sign in besides; empty for nowhere
}

// loginView returns the page to sign in. The problem is nil if there is none.
func (a *Area) loginView(r *http.Request, in *words.Language, title string, next onward, p *problem.Problem) loginView {
	return loginView{
		Layout: a.Frame.Bare(in, title), onward: next, Problem: p, Passwords: !a.options.NoPasswords, Provider: a.provider(),
		Passkey: !a.options.NoPasswords && a.hasPasskeys(r),
	}
}

// LoginFor returns the address of the page to sign in, which leads back to where a request wanted to go.
func LoginFor(r *http.Request) string {
	return with(AddressLogin, localPath(r.URL.RequestURI()))
}

// localPath returns a path of this site, as it was given if it is one, else that of the first page: whoever made a link must not send
// people who sign in to another site.
func localPath(given string) string {
	const first = "/"
	if len(given) > longestTo || !address.IsHere(given) ||
		strings.ContainsFunc(given, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return first
	}
	parsed, err := url.Parse(given)
	if err != nil || parsed.IsAbs() || parsed.Host != "" || parsed.User != nil || strings.HasPrefix(parsed.Path, "//") {
		return first
	}
	return given
}

// Login answers GET /login.
func (a *Area) Login(w http.ResponseWriter, r *http.Request) error {
	to := localPath(r.URL.Query().Get(fieldTo))
	if done, err := a.service.IsSetUp(r.Context()); err != nil {
		return err
	} else if !done {
		redirect(w, addressSetup)
		return nil
	}
	switch _, err := a.Who(r); {
	case err == nil:
		redirect(w, to)
		return nil
	case !errors.Is(err, fault.Unauthenticated):
		return err
	}
	in := a.Words.Of(r)
	return a.login.Show(w, a.loginView(r, in, in.T(titleLogin), onward{To: to}, nil))
}

// SignIn answers POST /login.
func (a *Area) SignIn(w http.ResponseWriter, r *http.Request) error {
	if a.options.NoPasswords {
		return a.noPassword()
	}
	if err := form.Read(r); err != nil {
		return err
	}
	next := onwardOf(r)
	if next.Kept != "" && !r.PostForm.Has(account.FieldName) && !r.PostForm.Has(account.FieldPassword) { // from another way to sign in
		in := a.Words.Of(r)
		return a.login.Show(w, a.loginView(r, in, in.T(titleLogin), next, nil))
	}
	opened, err := a.service.SignIn(r.Context(), r.PostForm.Get(account.FieldName), r.PostForm.Get(account.FieldPassword),
		a.client(r))
	if err == nil && opened.Half != "" { // how it ends is told with the code
		return a.askForCode(w, r, opened.Half, next)
	}
	a.options.SignedIn(r.Context(), err)
	if err != nil {
		return a.loginAgain(r, next, err)
	}
	return a.enter(w, r, opened, next)
}

// loginAgain shows the page to sign in with what was wrong.
func (a *Area) loginAgain(r *http.Request, next onward, err error) error {
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		if p.Kind == fault.Unauthenticated {
			p.Title = p.T(titleRefused)
		}
		view := a.loginView(r, p.In, p.Title, next, &p)
		view.Name = form.Field{Value: form.Typed(r, account.FieldName)}
		return a.login.Render(view)
	})
}

// enter leads who was just signed in to where they wanted to go, or to the form that was kept.
func (a *Area) enter(w http.ResponseWriter, r *http.Request, opened account.Opened, next onward) error {
	if err := a.replaceSession(w, r, opened); err != nil {
		return err
	}
	if f, ok := unpack(next.Kept); ok {
		return a.showKept(w, r, f, next.To)
	}
	redirect(w, next.To)
	return nil
}

// replaceSession gives the browser a session in place of the one that it had.
func (a *Area) replaceSession(w http.ResponseWriter, r *http.Request, opened account.Opened) error {
	if before := a.token(r); before != "" { // the browser forgets it, and nobody else has it
		if err := a.service.SignOut(r.Context(), before); err != nil {
			return err
		}
	}
	a.admit(w, opened)
	return nil
}

// SignOut answers POST /logout.
func (a *Area) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := a.service.SignOut(r.Context(), a.token(r)); err != nil {
		return err
	}
	a.dismiss(w)
	redirect(w, AddressLogin)
	return nil
}
