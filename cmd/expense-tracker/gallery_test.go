package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
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
	empty := start(t, "memory:").URL
	demo := start(t, "memory:", "--demo").URL
	storage := newSQLite(t)
	succeed(t, "generate", "--storage", storage, "--count", "300")
	full := start(t, storage, "--config", writeFile(t, "config.yaml", "database:\n  operation_timeout: 500ms\n")).URL
	user := visit(t, full)
	longest := strings.Repeat("Donaudampfschifffahrtsgesellschaft", 3)[:100]
	user.submit("/add", form("category", longest, "price", "9999999999.99", "note", strings.Repeat("n", 1000)))
	user.submit("/add", form("category", "sushi", "price", "123456", "currency", "JPY", "note", "with\ntwo lines"))
	user.submit("/add", form("category", "rent", "price", "5837500", "currency", "IDR"))
	edited := user.get("/").newest().link
	deleted := user.add("deleted", "1.00").newest().link
	user.submit(deleted+"/delete", form("revision", "1"))
	list := user.get("/categories")
	category := list.link(longest)

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
			user.submit(edited, user.get(edited).change("price", "122"))
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
			release := hold(t, storage)
			defer release()
			b.open("/")
			b.fill(longest, "3.20")
			b.do(chromedp.Click(addButton))
			b.await("the apology", `document.querySelector("[role=alert]")`)
		}},
	}
}
