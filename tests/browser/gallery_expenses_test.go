package browser_test

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
)

func expensePictures() []picture {
	const show, save = "GET /expenses/{id}", "POST /expenses/{id}"
	const mainButton, deleteButton chromedp.CSS = "form button.main", `form[action*="/delete"] button`
	edited := func(s *stock) string { return s.edited }
	return []picture{
		{"older", "GET /expenses", full, at("/expenses?from=oldest")},
		{"older-middle", "GET /expenses", full, func(b *tab, _ *stock) {
			b.open("/")
			b.do(chromedp.Click(chromedp.CSS("a[rel=next]")))
			b.await("the older expenses", `document.querySelector("a[rel=prev]") && document.querySelector("a[rel=next]")`)
		}},
		{"edit", show, full, in(edited)},
		{"edit-refused", save, full, func(b *tab, s *stock) {
			b.open(s.edited)
			b.retype("price", "twelve")
			b.retype("currency", "none")
			b.do(chromedp.Click(mainButton))
			b.await("the refusal", `document.querySelector("#price-error")`)
		}},
		{"edit-conflict", save, full, func(b *tab, s *stock) {
			b.open(s.edited)
			s.changes++
			s.user.Submit(s.edited, s.user.Get(s.edited).Change("price", fmt.Sprint(122+s.changes)))
			b.retype("price", "456")
			b.do(chromedp.Click(mainButton))
			b.await("the conflict", `document.querySelector("[role=alert]")`)
		}},
		{"edit-clash", save, full, func(b *tab, s *stock) {
			link := s.user.Add("clash", "2.00").Newest().Link
			b.open(link)
			s.user.Submit(link, s.user.Get(link).Change("category", longest, "price", "9999999999.99", "note", strings.Repeat("n", 1000),
				"date", "2026-02-01", "tags", "#t"))
			b.retype("category", "Eating out")
			b.retype("price", "1")
			b.retype("note", "two lines,\nof mine")
			b.do(chromedp.Click(mainButton))
			b.await("the choice", `document.querySelector("[name=keep_note]")`)
		}},
		{"edit-history", show, full, in(func(s *stock) string {
			link := s.user.Add("history", "2.00").Newest().Link
			s.user.Submit(link, s.user.Get(link).Change("category", longest, "price", "9999999999.99", "note", "two\nlines",
				"date", "2026-01-31"))
			s.user.Submit(link, s.user.Get(link).Change("note", strings.Repeat("n", 1000)))
			for i := range 9 {
				s.user.Submit(link, s.user.Get(link).Change("price", fmt.Sprint(i+1), "note", []string{"with Ana", ""}[i%2]))
			}
			at := strings.SplitN(link, "?", 2)[0]
			s.user.Submit(at+"/delete", programtest.Form("revision", s.user.Get(link).Field("revision")))
			s.user.Submit(at+"/restore", programtest.Form("revision", s.user.Get(link).Field("revision")))
			return link
		})},
		{"add-again", "GET /add", full, in(func(s *stock) string { return strings.Replace(s.edited, "/expenses/", "/add?again=", 1) })},
		{"edit-deleted", save, full, func(b *tab, s *stock) {
			gone := s.user.Add(longest[1:], "2.00").Newest().Link
			b.open(gone)
			s.user.Submit(strings.SplitN(gone, "?", 2)[0]+"/delete", programtest.Form("revision", "1"))
			b.do(chromedp.Click(mainButton))
			b.await("the conflict", `document.querySelector("[role=alert]")`)
		}},
		{"delete", home, full, func(b *tab, s *stock) {
			b.open(s.user.Add(longest[1:], "2.00").Newest().Link)
			b.do(chromedp.Click(deleteButton))
			b.await("the message", `document.querySelector("[role=status] button")`)
		}},
		{"restored", home, full, func(b *tab, s *stock) {
			b.open(s.user.Add(longest[1:], "2.00").Newest().Link)
			b.do(chromedp.Click(deleteButton))
			b.await("the message", `document.querySelector("[role=status] button")`)
			b.do(chromedp.Click(chromedp.CSS("[role=status] button")))
			b.await("the message", `document.querySelector("[role=status]") && !document.querySelector("[role=status] button")`)
		}},
		{"deleted", show, full, in(func(s *stock) string { return s.deleted })},
	}
}
