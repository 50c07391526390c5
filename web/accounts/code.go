package accounts

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// codeView is the page of a log-in that needs a code besides the password.
type codeView struct {
	page.Layout
	To       string
	Code     form.Field // of which nothing is sent back
	Stand    form.Field // for a recovery code, of which nothing is sent back
	Recovery bool       // one was typed
	Problem  *problem.Problem
}

// halfName is the name of the cookie with the token of what takes two requests, such as a log-in that waits for its code. It is of no
// use as a session.
const halfName = "expense_login"

func (a *Area) half(r *http.Request) string {
	cookie, err := r.Cookie(a.securely(halfName))
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (a *Area) setHalf(w http.ResponseWriter, token string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure only under TLS, which one's own machine does without
		Name: a.securely(halfName), Value: token, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: a.options.Secure,
		SameSite: http.SameSiteLaxMode,
	})
}

// askForCode leads who has brought the right password to where the code is typed.
func (a *Area) askForCode(w http.ResponseWriter, half, to string) {
	a.setHalf(w, half, int(a.service.HalfEnds().Seconds()))
	redirect(w, with(addressCode, to))
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
	return a.code.Show(w, codeView{Layout: a.Frame.Bare(in, in.T(titleCode)), To: to})
}

// EnterCode answers POST /login/code.
func (a *Area) EnterCode(w http.ResponseWriter, r *http.Request) error {
	if err := form.Read(r); err != nil {
		return err
	}
	to, typed := localPath(r.PostForm.Get(fieldTo)), r.PostForm.Get(account.FieldCode)
	opened, err := a.service.EnterCode(r.Context(), a.half(r), typed, a.options.Clients.Of(r))
	a.options.SignedIn(r.Context(), err)
	if errors.Is(err, fault.Unauthenticated) && len(fault.ViolationsOf(err)) == 0 { // it is over
		return a.loginAgain(r, to, err)
	}
	if err != nil {
		return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
			if p.Kind == fault.Unauthenticated {
				p.Title, p.Text = p.T(titleRefused), ""
			}
			p = labels().Arrange(p)
			view := codeView{To: to, Problem: &p, Recovery: strings.ContainsAny(typed, letters)}
			if message := p.MessageAt(account.FieldCode); view.Recovery && message != "" {
				view.Stand.Error = message
				p.Fields = []problem.Field{{Name: fieldRecovery, Label: p.T(labelRecovery), Message: message}}
			} else {
				view.Code.Error = message
			}
			view.Layout = a.Frame.Bare(p.In, p.Title)
			return a.code.Render(view)
		})
	}
	a.setHalf(w, "", -1)
	return a.enter(w, r, opened, to)
}

// fieldRecovery is the ID of the field for a recovery code. Both fields send what is typed as account.FieldCode.
const (
	fieldRecovery              = "recovery"
	labelRecovery words.Phrase = "Recovery code"
)

// letters are in recovery codes, and in no code of an app.
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjklmnpqrstuvwxyz"
