package accounts

import (
	"net/http"

	"expense-tracker/core/account"
	"expense-tracker/web/internal/cookie"
)

// sessionCookie has the session's token.
const sessionCookie = "expense_session"

// token returns what a request brings, or nothing.
func (a *Area) token(r *http.Request) string { return a.Cookies.Get(r, sessionCookie) }

// Who returns who sent a request; Unauthenticated if nobody is signed in.
func (a *Area) Who(r *http.Request) (account.Signed, error) {
	return a.service.Authenticate(r.Context(), a.token(r), a.options.Clients.Of(r))
}

// admit gives the browser a session that was just opened, and the language that its user has set.
func (a *Area) admit(w http.ResponseWriter, opened account.Opened) {
	a.Cookies.Set(w, cookie.Cookie{Name: sessionCookie, Value: opened.Token, Seconds: int(a.service.Ends().Max.Seconds())})
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
