package accounts

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/cookie"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// codeView is the page of a log-in that needs a code besides the password.
type codeView struct {
	page.Layout
	onward
	Other    string     // what leads back to the page to sign in says
	Code     form.Field // of which nothing is sent back
	Stand    form.Field // for a recovery code, of which nothing is sent back
	Recovery bool       // one was typed
	Problem  *problem.Problem
}

// codeView returns the page, on which nothing is typed yet.
func (a *Area) codeView(in *words.Language, title string, next onward) codeView {
	return codeView{Layout: a.Frame.Bare(in, title), onward: next, Other: in.T("Sign in as somebody else")}
}

// halfName is the name of the cookie with the token of what takes two requests, such as a log-in that waits for its code. It is of no
// use as a session.
const halfName = "expense_login"

func (a *Area) half(r *http.Request) string { return a.Cookies.Get(r, halfName) }

func (a *Area) setHalf(w http.ResponseWriter, token string) {
	a.Cookies.Set(w, cookie.Cookie{Name: halfName, Value: token, Seconds: int(a.service.HalfEnds().Seconds())})
}

// askForCode leads who has brought the right password to where the code is typed. With a form that is kept there is no redirect, since no
// other request may show it.
func (a *Area) askForCode(w http.ResponseWriter, r *http.Request, half string, next onward) error {
	a.setHalf(w, half)
	if next.Kept != "" {
		in := a.Words.Of(r)
		return a.code.Show(w, a.codeView(in, in.T(titleCode), next))
	}
	redirect(w, with(addressCode, next.To))
	return nil
}

// with returns an address that leads on to another.
func with(address, to string) string {
	if to == "/" {
		return address
	}
	return address + "?" + url.Values{fieldTo: {to}}.Encode()
}

// Code answers GET /login/code.
func (a *Area) Code(w http.ResponseWriter, r *http.Request) error {
	to := localPath(r.URL.Query().Get(fieldTo))
	switch err := a.service.NeedsCode(r.Context(), a.half(r)); {
	case errors.Is(err, fault.Unauthenticated):
		redirect(w, with(AddressLogin, to))
		return nil
	case err != nil:
		return err
	}
	in := a.Words.Of(r)
	return a.code.Show(w, a.codeView(in, in.T(titleCode), onward{To: to}))
}

// EnterCode answers POST /login/code.
func (a *Area) EnterCode(w http.ResponseWriter, r *http.Request) error {
	if err := form.Read(r); err != nil {
		return err
	}
	next := onwardOf(r)
	typed := r.PostForm.Get(account.FieldCode)
	opened, err := a.service.EnterCode(r.Context(), a.half(r), typed, a.client(r))
	a.options.SignedIn(r.Context(), err)
	if errors.Is(err, fault.Unauthenticated) && len(fault.ViolationsOf(err)) == 0 { // it is over
		return a.loginAgain(r, next, err)
	}
	if err != nil {
		return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
			if p.Kind == fault.Unauthenticated {
				p.Title, p.Text = p.T(titleRefused), ""
			}
			p = labels().Arrange(p)
			view := a.codeView(p.In, p.Title, next)
			view.Problem, view.Recovery = &p, strings.ContainsAny(typed, letters)
			if message := p.MessageAt(account.FieldCode); view.Recovery && message != "" {
				view.Stand.Error = message
				p.Fields = []problem.Field{{Name: fieldRecovery, Label: p.T(labelRecovery), Message: message}}
			} else {
				view.Code.Error = message
			}
			return a.code.Render(view)
		})
	}
	a.setHalf(w, "")
	return a.enter(w, r, opened, next)
}

// fieldRecovery is the ID of the field for a recovery code. Both fields send what is typed as account.FieldCode.
const (
	fieldRecovery              = "recovery"
	labelRecovery words.Phrase = "Recovery code"
)

// letters are in recovery codes, and in no code of an app.
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjklmnpqrstuvwxyz"
