package accounts

import (
	"net/http"

	"expense-tracker/core/account"
)

// The name of the cookie with the session's token. Browsers take a name that begins with __Host- only over TLS, and only from this very
// host: no other site of the domain can set it.
const (
	cookieName   = "expense_session"
	securePrefix = "__Host-"
)

func (a *Area) cookieName() string { return a.prefixed(cookieName) }

// prefixed returns the name that a cookie has on this site.
func (a *Area) prefixed(name string) string {
	if a.options.Secure {
		return securePrefix + name
	}
	return name
}

// token returns what a request brings, or nothing.
func (a *Area) token(r *http.Request) string {
	cookie, err := r.Cookie(a.cookieName())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Who returns who sent a request; Unauthenticated if nobody is signed in.
func (a *Area) Who(r *http.Request) (account.Signed, error) {
	return a.service.Authenticate(r.Context(), a.token(r), a.options.Clients.Of(r))
}

// admit gives the browser a session that was just opened, and the language that its user has set.
func (a *Area) admit(w http.ResponseWriter, r *http.Request, opened account.Opened) {
	a.setCookie(w, opened.Token, int(a.service.Ends().Max.Seconds()))
	if tag := opened.User.Language; tag != "" {
		a.options.Languages(w, r, tag)
	}
}

func (a *Area) setCookie(w http.ResponseWriter, token string, maxAge int) {
	a.putCookie(w, cookieName, token, maxAge)
}

func (a *Area) putCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure only under TLS, which one's own machine does without
		Name: a.prefixed(name), Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: a.options.Secure,
		SameSite: http.SameSiteLaxMode,
	})
}

// redirect leads to a page of this site.
func redirect(w http.ResponseWriter, to string) {
	w.Header()["Location"] = []string{to}
	w.WriteHeader(http.StatusSeeOther)
}
