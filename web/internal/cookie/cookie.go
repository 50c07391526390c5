// Package cookie keeps what a site wants to know again in its readers' browsers. It is the one place that says how far a cookie goes.
package cookie

import "net/http"

// securePrefix is what browsers take only over TLS, and only from this very host: no other site of the domain can set such a cookie.
const securePrefix = "__Host-"

// Jar is where a site's cookies are kept.
type Jar struct {
	Secure bool // the pages are reached by TLS: cookies go that way only
}

// Cookie is what is kept in a browser.
type Cookie struct {
	Name    string
	Value   string // empty to forget it
	Seconds int    // that it is kept
	Shown   bool   // scripts of the pages may read it
	Strict  bool   // it comes only with what this site's own pages ask for
}

// name returns a cookie's name as browsers have it.
func (j Jar) name(name string) string {
	if j.Secure {
		return securePrefix + name
	}
	return name
}

// Get returns what a request brings under a name, or nothing.
func (j Jar) Get(r *http.Request, name string) string {
	found, err := r.Cookie(j.name(name))
	if err != nil {
		return ""
	}
	return found.Value
}

// Set keeps a cookie in the browser, or makes it forget one.
func (j Jar) Set(w http.ResponseWriter, c Cookie) {
	kept := &http.Cookie{ //nolint:gosec // Secure only under TLS, which one's own machine does without
		Name: j.name(c.Name), Value: c.Value, Path: "/", MaxAge: c.Seconds, HttpOnly: !c.Shown, Secure: j.Secure, SameSite: http.SameSiteLaxMode,
	}
	if c.Strict {
		kept.SameSite = http.SameSiteStrictMode
	}
	if c.Value == "" {
		kept.MaxAge = -1
	}
	http.SetCookie(w, kept)
}
