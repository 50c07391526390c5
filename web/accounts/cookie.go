package accounts

import (
	"net/http"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/cookie"
)

// sessionCookie has the session's token. deviceCookie stays when that is gone: tries to sign in from a known browser are counted apart.
const (
	sessionCookie = "expense_session"
	deviceCookie  = "expense_device"
	deviceSeconds = 365 * 24 * 60 * 60
)

// token returns what a request brings, or nothing.
func (a *Area) token(r *http.Request) string { return a.Cookies.Get(r, sessionCookie) }

// client returns where a request came from, and by what its browser is known.
func (a *Area) client(r *http.Request) account.Client {
	from := a.options.Clients.Of(r)
	from.Device = a.Cookies.Get(r, deviceCookie)
	return from
}

// Who returns who sent a request; Unauthenticated if nobody is signed in.
func (a *Area) Who(r *http.Request) (account.Signed, error) {
	return a.service.Authenticate(r.Context(), a.token(r), a.options.Clients.Of(r))
}

// Visit returns who sent a request, and where that user is at work; Unauthenticated if nobody is signed in.
func (a *Area) Visit(r *http.Request, wish ledger.ID) (account.Visit, error) {
	return a.service.Visit(r.Context(), a.token(r), wish, a.options.Clients.Of(r))
}

// admit gives the browser a session that was just opened, and the language that its user has set.
func (a *Area) admit(w http.ResponseWriter, opened account.Opened) {
	a.Cookies.Set(w, cookie.Cookie{Name: sessionCookie, Value: opened.Token, Seconds: int(a.service.Ends().Max.Seconds())})
	a.Cookies.Set(w, cookie.Cookie{Name: deviceCookie, Value: opened.Device, Seconds: deviceSeconds, Strict: true})
	if tag := opened.User.Language; tag != "" {
		a.options.Languages(a.Cookies, w, tag)
	}
}

// dismiss makes the browser forget its session.
func (a *Area) dismiss(w http.ResponseWriter) { a.Cookies.Set(w, cookie.Cookie{Name: sessionCookie}) }

// redirect leads to a page of this site.
func redirect(w http.ResponseWriter, to string) {
	w.Header()["Location"] = []string{to}
	w.WriteHeader(http.StatusSeeOther)
}
