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
	To       string
	Kept     string     // a form that is sent once more then; see keptForm
	Code     form.Field // of which nothing is sent back
	Stand    form.Field // for a recovery code, of which nothing is sent back
	Recovery bool       // one was typed
	Problem  *problem.Problem
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
func (a *Area) askForCode(w http.ResponseWriter, r *http.Request, half, to, kept string) error {
	a.setHalf(w, half)
	if kept != "" {
		in := a.Words.Of(r)
		return a.code.Show(w, codeView{Layout: a.Frame.Bare(in, in.T(titleCode)), To: to, Kept: kept})
	}
	redirect(w, with(addressCode, to))
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
	return a.code.Show(w, codeView{Layout: a.Frame.Bare(in, in.T(titleCode)), To: to})
}

// EnterCode answers POST /login/code.
func (a *Area) EnterCode(w http.ResponseWriter, r *http.Request) error {
	if err := form.Read(r); err != nil {
		return err
	}
	to, kept := localPath(r.PostForm.Get(fieldTo)), r.PostForm.Get(fieldKept)
	typed := r.PostForm.Get(account.FieldCode)
	opened, err := a.service.EnterCode(r.Context(), a.half(r), typed, a.client(r))
	a.options.SignedIn(r.Context(), err)
	if errors.Is(err, fault.Unauthenticated) && len(fault.ViolationsOf(err)) == 0 { // it is over
		return a.loginAgain(r, to, kept, err)
	}
	if err != nil {
		return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
			if p.Kind == fault.Unauthenticated {
				p.Title, p.Text = p.T(titleRefused), ""
			}
			p = labels().Arrange(p)
			view := codeView{To: to, Kept: kept, Problem: &p, Recovery: strings.ContainsAny(typed, letters)}
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
	a.setHalf(w, "")
	return a.enter(w, r, opened, to, kept)
}

// fieldRecovery is the ID of the field for a recovery code. Both fields send what is typed as account.FieldCode.
const (
	fieldRecovery              = "recovery"
	labelRecovery words.Phrase = "Recovery code"
)

// letters are in recovery codes, and in no code of an app.
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjklmnpqrstuvwxyz"
