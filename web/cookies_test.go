package web_test

import (
	"strings"
	"testing"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// Each cookie goes by TLS only where the site is reached by it, and no other site of the domain can set one in its place.
func TestEveryCookieGoesByTLSAlone(t *testing.T) {
	for base, secure := range map[string]bool{"https://money.example.org": true, "http://localhost:8080": false} {
		g := webtest.NewGated(t, web.Options{BaseURL: base})
		g.Join("Anna")
		b := g.As("Anna")
		seen := map[string]bool{}
		for _, sent := range []webtest.Answer{
			b.Post("/login", "name", "Anna", "password", webtest.Password),
			b.Post("/settings", "language", "de", "no_keys", "1"),
			b.Post("/account", "name", "Anna", "language", "en"),
			b.Post("/ledgers/1/open"),
			b.Post("/add", "category", "food", "price", "1", "idempotency_key", "one"),
			b.Get("/"),
			b.Post("/logout"),
		} {
			for _, line := range sent.Header.Values("Set-Cookie") {
				name, _, _ := strings.Cut(line, "=")
				seen[strings.TrimPrefix(name, "__Host-")] = true
				if strings.HasPrefix(name, "__Host-") != secure || strings.Contains(line, "; Secure") != secure ||
					!strings.Contains(line, "; Path=/;") || strings.Contains(line, "Domain") {
					t.Errorf("at %s the cookie is %s", base, line)
				}
			}
		}
		for _, name := range []string{"expense_session", "language", "keys", "expense_ledger", "flash"} {
			if !seen[name] {
				t.Errorf("at %s there was no cookie %s: this test shows nothing of it", base, name)
			}
		}
	}
}

// A cookie that another site of the domain has set, without the prefix, says nothing here.
func TestUnderTLSAnotherSitesCookieSaysNothing(t *testing.T) {
	g := webtest.NewGated(t, web.Options{BaseURL: "https://money.example.org"})
	g.Join("Anna")
	b := g.As("Anna")
	b.Post("/ledgers", "name", "Mine", "currency", "EUR", "zone", "UTC", "idempotency_key", "mine").Want(t, 303)
	b.SetCookie("expense_ledger", "1")
	b.SetCookie("language", "de")
	b.SetCookie("flash", "passwordchanged.1")
	b.Get("/account").Want(t, 200, `<html lang="en">`, ">Mine</a>", "!Password changed")
}
