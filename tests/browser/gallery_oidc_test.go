package browser_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/forgertest"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/providertest"
)

// The sites where people sign in at a provider.
const (
	federated      = "federated"       // too, and admin has an account with a password
	federatedUnset = "federated-unset" // too, and nobody has an account
	federatedAlone = "federated-alone" // that is the only way in, and nobody has an account
	federatedAway  = "federated-away"  // too, and the provider does not answer
)

// elsewhere is where the sites of the gallery are told that they are: nobody comes back to them.
const elsewhere = "http://127.0.0.1:1"

// federate starts the sites of a provider that lets everybody in, and whose own page shows nothing to a browser, which stays where it is.
func (s *stock) federate(t *testing.T) {
	t.Helper()
	forge := forgertest.New(t)
	start := func(mode, issuer string, more ...string) string {
		t.Helper()
		more = append(more, "oidc_sign_up: '*'")
		return programtest.Start(t, "memory:", "--config", providertest.Settings(t, mode, issuer, elsewhere, more...)).URL
	}
	const admin = "admin_password: " + programtest.AdminPassword
	s.url[federated] = start("password,oidc", forge.URL, admin)
	s.url[federatedUnset] = start("password,oidc", forge.URL)
	s.url[federatedAlone] = start("oidc", forge.URL)
	s.url[federatedAway] = start("password,oidc", elsewhere, admin)

	person := programtest.Visit(t, s.url[federated])
	person.Get(providertest.Abroad(t, providertest.Client(t), providertest.Leave(t, person, "/login/oidc", nil), elsewhere))
	s.linked = cookieOf(t, person, sessionCookie)
	forge.Spoil(forgertest.Spoilt{Handler: func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/auth") {
			w.WriteHeader(http.StatusNoContent)
			return true
		}
		return false
	}})
	s.provider = forge.URL
}

func cookieOf(t testing.TB, v *programtest.Visitor, name string) string {
	t.Helper()
	for _, cookie := range v.HTTP.Jar.Cookies(urlOf(t, v.URL)) {
		if cookie.Name == name {
			return cookie.Value
		}
	}
	t.Fatalf("no cookie %s", name)
	return ""
}

// enterWith makes the tab one in which a session is.
func (b *tab) enterWith(session string) {
	b.t.Helper()
	call(b, network.SetCookie, network.SetCookieParams{Name: sessionCookie, Value: session, URL: b.url})
}

func oidcPictures() []picture {
	const account, begin = "GET /account", "POST /login/oidc"
	refused := func(b *tab) { b.await("the refusal", `document.querySelector("[role=alert]")`) }
	click := func(b *tab, action string) {
		b.do(chromedp.Click(chromedp.CSS(`form[action="` + action + `"] button`)))
	}
	return []picture{
		{"oidc-login", "GET /login", federated, at("/login?to=/months")},
		{"oidc-away", begin, federatedAway, func(b *tab, _ *stock) {
			b.open("/login")
			click(b, "/login/oidc")
			refused(b)
		}},
		{"oidc-leaving", begin, federated, func(b *tab, s *stock) {
			b.abroad = s.provider
			b.open("/login")
			click(b, "/login/oidc")
			b.await("the page on the way", `document.querySelector("a[rel=noreferrer]")`)
		}},
		{"oidc-refused", "GET /login/oidc/callback", federated, at("/login/oidc/callback?state=x&error=access_denied")},
		{"oidc-set-up", "GET /setup", federatedUnset, at("/setup")},
		{"oidc-set-up-alone", "GET /setup", federatedAlone, at("/setup")},
		{"oidc-set-up-refused", "POST /setup/oidc", federatedAlone, func(b *tab, _ *stock) {
			b.open("/setup")
			b.retype("code", "AAAA-BBBB")
			click(b, "/setup/oidc")
			refused(b)
		}},
		{"oidc-link", account, federated, func(b *tab, _ *stock) {
			b.enterWith(newSession(b.t, b.url))
			b.open("/account")
		}},
		{"oidc-link-refused", "POST /account/oidc", federated, func(b *tab, _ *stock) {
			b.enterWith(newSession(b.t, b.url))
			b.open("/account")
			b.retype("confirm", "a password that is wrong")
			click(b, "/account/oidc")
			refused(b)
		}},
		{"oidc-linked", account, federated, func(b *tab, s *stock) {
			b.enterWith(s.linked)
			b.open("/account")
		}},
	}
}
