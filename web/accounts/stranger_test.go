package accounts_test

import (
	"net/http"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// Who has no password is not asked for one, and goes after a fresh log-in alone. The provider's link goes, too.
func TestWhoSignsInAtAProviderDeletesTheAccount(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{}, everybody)
	g.Join("Anna")
	b := g.Browser()
	comeIn := func() {
		t.Helper()
		b.Get(comeBack(g, leaves(t, b.Post("/login/oidc")), person("ben"))).Want(t, 303)
	}
	comeIn()
	b.Get("/account/data.zip").Want(t, 200)
	g.Now = g.Now.Add(account.FreshFor + time.Second)
	b.Get("/account/delete").Want(t, 200, "Sign out and in again first", `action="/logout"`, `!type="password"`, `!action="/account/delete"`)
	b.Post("/account/delete").Want(t, 409, "it takes a fresh log-in")
	for _, path := range []string{"/account/second/start", "/account/second/end", "/account/passkeys"} {
		if at := b.Post(path, "password", "x", "proof", "x", "name", "x"); at.StatusCode >= 500 || at.StatusCode < 400 {
			t.Errorf("%s answers %d", path, at.StatusCode)
		}
	}
	b.Post("/logout").Want(t, 303)
	comeIn()
	b.Get("/account/delete").Want(t, 200, `action="/account/delete"`, `!type="password"`, "!Sign out and in again")
	b.Post("/account/delete").Want(t, 200, "Your account is deleted")
	if at := b.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("still in: %d", at.StatusCode)
	}
	comeIn() // as somebody new
	b.Get("/account").Want(t, 200, "Linked with ben@example.org", `value="ben"`)
	g.As("Anna").Get("/account/log").Want(t, 200)
}

// The only way in is not taken away, whatever the page offers.
func TestTheOnlyWayInIsNotTakenAway(t *testing.T) {
	both := webtest.NewFederated(t, web.Options{NoPasswords: true}, everybody)
	both.Join("Anna")
	b := both.Browser()
	b.Get(comeBack(both, leaves(t, b.Post("/login/oidc")), person("ben"))).Want(t, 303)
	if _, err := both.Operator.ResetPassword(t.Context(), "ben", webtest.Password); err != nil {
		t.Fatal(err)
	}
	b.Get(comeBack(both, leaves(t, b.Post("/login/oidc")), person("ben"))).Want(t, 303)
	b.Post("/account/oidc/unlink", "confirm", webtest.Password).Want(t, 409, "the only way into your account")
	b.Get("/account/delete").Want(t, 200, `!type="password"`)
}

// A form that came too late is kept on the way to a provider, too.
func TestAFormIsKeptOnTheWayToAProvider(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{NoPasswords: true}, everybody)
	g.Join("Anna")
	b := g.Browser()
	late := b.Post("/add", "category", "Café", "price", "12,50", "note", "kept <b>", "idempotency_key", "key", "password", "not a field")
	late.Want(t, 401, "What you sent is not stored yet.", `name="kept"`)
	address := leaves(t, b.Post("/login/oidc", hiddenIn(late)...))
	back := b.Get(comeBack(g, address, person("ben")))
	back.Want(t, 200, "Welcome back", `action="/add"`, "kept &lt;b&gt;", "12,50", "!not a field")
	if b.Cookie("expense_session") == nil || b.Cookie("expense_device") == nil {
		t.Error("nobody is signed in")
	}
	// What is no form, or leads away, is none.
	for _, forged := range []string{"x", "aHR0cHM6Ly9ldmlsLmV4YW1wbGUv", "Ly9ldmlsLmV4YW1wbGUgYT1i"} {
		b := g.Browser()
		in := b.Get(comeBack(g, leaves(t, b.Post("/login/oidc", "to", "/months", "kept", forged)), person("ben")))
		if location(in) != "/months" {
			t.Errorf("%s: %d to %s", forged, in.StatusCode, location(in))
		}
	}
	// One that is refused at the provider is shown again with the form.
	refused := g.Browser()
	again := refused.Post("/login/oidc", hiddenIn(late)...)
	state, _ := g.Provider.Let(leaves(t, again), person("ben"))
	refused.Get("/login/oidc/callback?error=access_denied&state="+state).Want(t, 401, `name="kept"`)
}
