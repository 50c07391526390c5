package accounts

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
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
	To      string
	Name    form.Field
	Problem *problem.Problem

	Passwords bool   // people sign in with a name and a password
	Provider  string // where people sign in besides; empty for nowhere
}

// loginView returns the page to sign in. The problem is nil if there is none.
func (a *Area) loginView(in *words.Language, title, to string, p *problem.Problem) loginView {
	return loginView{
		Layout: a.Frame.Bare(in, title), To: to, Problem: p, Passwords: !a.options.NoPasswords, Provider: a.provider(),
	}
}

// LoginFor returns the address of the page to sign in, which leads back to where a request wanted to go.
func LoginFor(r *http.Request) string {
	to := localPath(r.URL.RequestURI())
	if to == "/" {
		return AddressLogin
	}
	return AddressLogin + "?" + url.Values{fieldTo: {to}}.Encode()
}

// localPath returns a path of this site, as it was given if it is one, else that of the first page: whoever made a link must not send
// people who sign in to another site.
func localPath(given string) string {
	const first = "/"
	if len(given) > longestTo || !strings.HasPrefix(given, "/") || strings.HasPrefix(given, "//") ||
		strings.ContainsFunc(given, func(r rune) bool { return r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r) }) {
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
	if _, err := a.Who(r); err == nil {
		redirect(w, to)
		return nil
	}
	in := a.Words.Of(r)
	return a.login.Show(w, a.loginView(in, in.T(titleLogin), to, nil))
}

// SignIn answers POST /login.
func (a *Area) SignIn(w http.ResponseWriter, r *http.Request) error {
	if a.options.NoPasswords {
		return a.noPassword()
	}
	if err := form.Read(r); err != nil {
		return err
	}
	to := localPath(r.PostForm.Get(fieldTo))
	opened, err := a.service.SignIn(r.Context(), r.PostForm.Get(account.FieldName), r.PostForm.Get(account.FieldPassword),
		a.options.Clients.Of(r))
	a.options.SignedIn(r.Context(), err)
	if err != nil {
		return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
			if p.Kind == fault.Unauthenticated {
				p.Title = p.T(titleRefused)
			}
			view := a.loginView(p.In, p.Title, to, &p)
			view.Name = form.Field{Value: form.Typed(r, account.FieldName)}
			return a.login.Render(view)
		})
	}
	if before := a.token(r); before != "" { // the browser forgets it, and nobody else has it
		if err := a.service.SignOut(r.Context(), before); err != nil {
			return err
		}
	}
	a.admit(w, r, opened)
	redirect(w, to)
	return nil
}

// SignOut answers POST /logout.
func (a *Area) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := a.service.SignOut(r.Context(), a.token(r)); err != nil {
		return err
	}
	a.setCookie(w, "", -1)
	redirect(w, AddressLogin)
	return nil
}
