package browser_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// The sites where people sign in.
const (
	gated = "gated" // where admin has an account, and is signed in on two browsers
	unset = "unset" // where nobody has one
)

const sessionCookie = "expense_session"

// newSession signs a browser in that is no tab, and returns its cookie.
func newSession(t testing.TB, site string) string {
	t.Helper()
	user := programtest.Visit(t, site)
	user.SignIn("admin", programtest.AdminPassword)
	address, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range user.HTTP.Jar.Cookies(address) {
		if cookie.Name == sessionCookie {
			return cookie.Value
		}
	}
	t.Fatal("no cookie of a session")
	return ""
}

// enter makes the tab one in which the stock's session is.
func (b *tab) enter(s *stock) {
	b.t.Helper()
	call(b, network.SetCookie, network.SetCookieParams{Name: sessionCookie, Value: s.session, URL: b.url})
}

// signed leads to an address as who is signed in.
func signed(path string) func(*tab, *stock) {
	return func(b *tab, s *stock) {
		b.enter(s)
		b.open(path)
	}
}

// sendLate sends a form of who is not signed in any more.
func sendLate(b *tab) {
	b.open("/login")
	b.do(chromedp.Evaluate[chromedp.Void](`const form = document.querySelector("form"); form.action = "/add"; form.replaceChildren();
		for (const [name, value] of [["category", "Groceries"], ["price", "12,50"], ["note", "for the party"]]) {
			const field = document.createElement("input"); field.name = name; field.value = value; form.append(field); }
		form.submit()`))
	b.await("the page", `document.querySelector("[role=alert]")`)
}

func accountPictures() []picture {
	const login, setup, account, sessions = "GET /login", "GET /setup", "GET /account", "GET /account/sessions"
	refused := func(b *tab) { b.await("the refusal", `document.querySelector("[role=alert]")`) }
	said := func(b *tab) { b.await("the message", `document.querySelector("[role=status]")`) }
	send := func(b *tab, action string) {
		b.do(chromedp.Click(chromedp.CSS(`form[action="` + action + `"] button`)))
	}
	typeInto := func(b *tab, field, text string) { b.do(chromedp.SendKeys(chromedp.CSS("#"+field), text)) }
	return []picture{
		{"login", login, gated, at("/months")},
		{"login-refused", "POST /login", gated, func(b *tab, _ *stock) {
			b.open("/login?to=/months")
			typeInto(b, "name", "Wilhelmine von und zu Donaudampfschifffahrtsgesellschaft")
			typeInto(b, "password", "a password that is wrong")
			send(b, "/login")
			refused(b)
		}},
		{"set-up", setup, unset, at("/")},
		{"set-up-refused", "POST /setup", unset, func(b *tab, _ *stock) {
			b.open("/setup")
			typeInto(b, "code", "AAAA-BBBB")
			typeInto(b, "name", "Anna")
			typeInto(b, "password", "passwordpassword")
			send(b, "/setup")
			refused(b)
		}},
		{"signed-out", "POST /add", gated, func(b *tab, _ *stock) {
			sendLate(b)
		}},
		{"signed-in-again", "POST /login", gated, func(b *tab, _ *stock) {
			sendLate(b)
			typeInto(b, "name", "admin")
			typeInto(b, "password", programtest.AdminPassword)
			send(b, "/login")
			b.await("the page", `document.querySelector("form[action='/add']")`)
		}},
		{"more-with-account", "GET /more", gated, signed("/more")},
		{"account", account, gated, signed("/account")},
		{"account-saved", account, gated, func(b *tab, s *stock) {
			signed("/account")(b, s)
			send(b, "/account")
			said(b)
		}},
		{"account-refused", "POST /account", gated, func(b *tab, s *stock) {
			signed("/account")(b, s)
			b.retype("name", " \u200b")
			send(b, "/account")
			refused(b)
		}},
		{"password-refused", "POST /account/password", gated, func(b *tab, s *stock) {
			signed("/account")(b, s)
			typeInto(b, "password", "a password that is wrong")
			typeInto(b, "new_password", "passwordpassword")
			send(b, "/account/password")
			refused(b)
		}},
		{"account-delete", "GET /account/delete", gated, signed("/account/delete")},
		{"account-delete-refused", "POST /account/delete", gated, func(b *tab, s *stock) {
			signed("/account/delete")(b, s)
			b.do(chromedp.Click(chromedp.CSS("#sure")))
			typeInto(b, "password", "a password that is wrong")
			send(b, "/account/delete")
			refused(b)
		}},
		{"sessions", sessions, gated, signed("/account/sessions")},
		{"session-ended", sessions, gated, func(b *tab, s *stock) {
			newSession(b.t, b.url)
			signed("/account/sessions")(b, s)
			b.do(chromedp.Click(chromedp.CSS(`form[action$="/end"] button`)))
			said(b)
		}},
	}
}

// Somebody makes the first account with the code from the log, signs out and in, and takes another password.
func TestSomebodySetsUpAndSignsIn(t *testing.T) {
	t.Parallel()
	const other = "eleven loud badgers dig"
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		storage := programtest.NewSQLite(t)
		p, code := programtest.StartToSetUp(t, storage)
		user := open(p.URL)
		fill := func(fields map[string]string, action string) {
			t.Helper()
			for field, text := range fields {
				user.retype(field, text)
			}
			user.do(chromedp.Click(chromedp.CSS(`form[action="` + action + `"] button`)))
		}
		user.open("/months")
		user.await("the set-up", `location.pathname === "/setup"`)
		fill(map[string]string{"code": code, "name": "Anna", "password": programtest.AdminPassword}, "/setup")
		user.await("the first page", `location.pathname === "/" && document.querySelector("#total")`)
		user.fill("coffee", "3.20")
		user.do(chromedp.Click(addButton))
		user.awaitTotal("3.20", 1)

		user.open("/more")
		user.do(chromedp.Click(chromedp.CSS(`form[action="/logout"] button`)))
		user.await("the log-in", `location.pathname === "/login"`)
		user.open("/categories")
		user.await("the log-in that leads back", `location.search === "?to=%2Fcategories"`)
		fill(map[string]string{"name": "anna", "password": "wrong"}, "/login")
		user.await("the refusal", `document.querySelector("[role=alert]")`)
		fill(map[string]string{"password": programtest.AdminPassword}, "/login")
		user.await("the page that was asked for", `location.pathname === "/categories"`)

		user.open("/account")
		fill(map[string]string{"password": programtest.AdminPassword, "new_password": other}, "/account/password")
		user.await("the message", `document.querySelector("[role=status]")?.textContent.includes("Password changed")`)
		visitor := programtest.Visit(t, p.URL)
		old := visitor.Post("/login", programtest.Form("name", "Anna", "password", programtest.AdminPassword))
		check.Equal(t, "the old password", old.Status, http.StatusUnauthorized)
		visitor.SignIn("Anna", other)
	})
}
