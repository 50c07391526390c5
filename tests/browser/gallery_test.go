package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
)

// picture is a page in a state that it can be in, with the way there.
type picture struct {
	name string
	url  string // of the program
	show func(*tab)
}

// gallery returns every page of the site, in every state that looks different.
func gallery(t *testing.T) []picture {
	t.Helper()
	empty := programtest.Start(t, "memory:").URL
	demo := programtest.Start(t, "memory:", "--demo").URL
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "generate", "--storage", storage, "--count", "300")
	full := programtest.Start(t, storage, "--config", programtest.WriteFile(t, "config.yaml", "database:\n  operation_timeout: 3s\n")).URL
	user := programtest.Visit(t, full)
	longest := strings.Repeat("Donaudampfschifffahrtsgesellschaft", 3)[:100]
	user.Submit("/add", programtest.Form("category", longest, "price", "9999999999.99", "note", strings.Repeat("n", 1000)))
	user.Submit("/add", programtest.Form("category", "sushi", "price", "123456", "currency", "JPY", "note", "with\ntwo lines"))
	user.Submit("/add", programtest.Form("category", "rent", "price", "5837500", "currency", "IDR"))
	edited := user.Get("/").Newest().Link
	deleted := user.Add("deleted", "1.00").Newest().Link
	user.Submit(deleted+"/delete", programtest.Form("revision", "1"))
	list := user.Get("/categories")
	category := list.Link(longest)

	at := func(path string) func(*tab) { return func(b *tab) { b.open(path) } }
	return []picture{
		{"demo", demo, at("/")},
		{"empty", empty, at("/")},
		{"empty-categories", empty, at("/categories")},
		{"home", full, at("/")},
		{"added", full, func(b *tab) {
			b.open("/")
			b.fill("coffee", "3.20")
			b.do(chromedp.Click(addButton))
			b.await("the message", `document.querySelector("[role=status]")`)
		}},
		{"refused", full, func(b *tab) {
			b.open("/")
			b.fill(longest, "twelve")
			b.do(chromedp.Click(addButton))
			b.await("the refusal", `document.querySelector("#price-error")`)
		}},
		{"older", full, at("/expenses?from=oldest")},
		{"edit", full, at(edited)},
		{"edit-conflict", full, func(b *tab) {
			b.open(edited)
			user.Submit(edited, user.Get(edited).Change("price", "122"))
			b.retype("price", "456")
			b.do(chromedp.Click(chromedp.CSS("form button.main")))
			b.await("the conflict", `document.querySelector("[role=alert]")`)
		}},
		{"deleted", full, at(deleted)},
		{"categories", full, at("/categories")},
		{"category", full, at(category)},
		{"category-conflict", full, func(b *tab) {
			b.open(category)
			b.retype("category", "sushi")
			b.do(chromedp.Click(chromedp.CSS(`form[action$="/rename"] button`)))
			b.await("the conflict", `document.querySelector("#category-error")`)
		}},
		{"not-found", full, at("/nothing")},
		{"unavailable", full, func(b *tab) {
			release := programtest.Hold(t, storage)
			defer release()
			b.open("/")
			b.fill(longest, "3.20")
			b.do(chromedp.Click(addButton))
			b.await("the apology", `document.querySelector("[role=alert]")`)
		}},
	}
}
