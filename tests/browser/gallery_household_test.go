package browser_test

import (
	"strings"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
)

func householdPictures() []picture {
	return []picture{
		{"ledgers", "GET /ledgers", full, func(b *tab, s *stock) {
			s.user.Post("/ledgers", programtest.Form("name", longest, "currency", "EUR", "zone", "Europe/Berlin", "idempotency_key", "longest"))
			s.user.Post("/ledgers/1/open", nil)
			b.open("/ledgers")
		}},
		{"ledger-new", "GET /ledgers/new", empty, at("/ledgers/new")},
		{"ledger-wrong", "POST /ledgers", empty, func(b *tab, _ *stock) {
			b.open("/ledgers/new")
			b.retype("name", " ")
			b.retype("zone", "Mars")
			b.do(chromedp.Click(chromedp.CSS(`form[action="/ledgers"] button.main`)))
			b.await("the refusal", `document.querySelector("#zone-error")`)
		}},
		{"ledger", "GET /ledgers/{id}", full, at("/ledgers/1")},
		{"people", "GET /people", full, func(b *tab, s *stock) {
			s.invite()
			b.open("/people")
		}},
		{"people-log", "GET /people/log", full, func(b *tab, s *stock) {
			s.invite()
			b.open("/people/log")
		}},
		{"join", "GET /join/{token}", full, func(b *tab, s *stock) { b.open(s.invite()) }},
	}
}

// newcomerPictures are those of who has an invitation and no account.
func newcomerPictures() []picture {
	const join, account = "GET /join/{token}", "POST /join/{token}/account"
	invited := func(b *tab, site string, form string) string {
		b.t.Helper()
		admin := programtest.Visit(b.t, site).SignIn("admin", programtest.AdminPassword)
		token := "1-" + strings.Repeat(form, 32)
		admin.Post("/people/invitations", programtest.Form("role", "editor", "token", token))
		return "/join/" + token
	}
	return []picture{
		{"join-new", join, gated, func(b *tab, s *stock) { b.open(invited(b, s.url[gated], "0a")) }},
		{"join-new-oidc", join, federated, func(b *tab, s *stock) { b.open(invited(b, s.url[federated], "0b")) }},
		{"join-new-refused", account, gated, func(b *tab, s *stock) {
			b.open(invited(b, s.url[gated], "0a"))
			b.retype("name", "admin")
			b.retype("password", programtest.AdminPassword)
			b.do(chromedp.Click(chromedp.CSS(`form[action$="/account"] button`)))
			b.await("the refusal", `document.querySelector("#name-error")`)
		}},
		{"join-over", join, gated, at("/join/1-" + strings.Repeat("0", 64))},
	}
}

// invite returns the path of an invitation to the full site's ledger, the same each time: the form is sent again.
func (s *stock) invite() string {
	token := "1-" + strings.Repeat("0f", 32)
	s.user.Post("/people/invitations", programtest.Form("role", "editor", "note", longest, "token", token))
	return "/join/" + token
}
