package browser_test

import (
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
)

// manage opens what stands behind Manage on a category's page.
func (b *tab) manage(path string) {
	b.t.Helper()
	b.open(path)
	b.do(chromedp.Click(chromedp.CSS(".manage > summary")))
}

// sendForm presses the button of a form of a category's page, which is sent as it is.
func (b *tab) sendForm(form string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('form[action$="/`+form+`"]').noValidate = true`),
		chromedp.Click(chromedp.CSS(`.manage form[action$="/`+form+`"] button`)))
}

func categoryPictures() []picture {
	const list, show = "GET /categories", "GET /categories/{id}"
	message := func(b *tab) { b.await("the message", `document.querySelector("[role=status]")`) }
	long := func(s *stock) string { return s.category }
	named := func(s *stock, name string) string { return s.user.Get("/categories").Link(name) }
	return []picture{
		{"categories", list, full, at("/categories")},
		{"categories-demo", list, demo, at("/categories")},
		{"empty-categories", list, empty, at("/categories")},
		{"category", show, full, in(long)},
		{"category-demo", show, demo, func(b *tab, _ *stock) { b.openCategory("Groceries") }},
		{"category-older", show, demo, func(b *tab, _ *stock) {
			b.openCategory("Groceries")
			b.do(chromedp.Click(chromedp.CSS("[rel=next]")))
			b.await("the older ones", `document.querySelector("[rel=prev]")`)
		}},
		{"category-manage", show, full, func(b *tab, s *stock) { b.manage(s.category) }},
		{"renamed", show, full, func(b *tab, s *stock) {
			b.manage(s.category)
			b.sendForm("rename")
			message(b)
		}},
		{"category-conflict", "POST /categories/{id}/rename", full, func(b *tab, s *stock) {
			b.manage(s.category)
			b.retype("category", "sushi")
			b.sendForm("rename")
			b.await("the conflict", `document.querySelector("#category-error")`)
		}},
		{"category-look-refused", "POST /categories/{id}/look", full, func(b *tab, s *stock) {
			b.manage(s.category)
			b.retype("icon", "carrot")
			b.sendForm("look")
			b.await("the refusal", `document.querySelector("#icon-error")`)
		}},
		{"category-merge-refused", "POST /categories/{id}/merge", full, func(b *tab, s *stock) {
			b.manage(s.category)
			b.sendForm("merge")
			b.await("the refusal", `document.querySelector("#into-error")`)
		}},
		{"category-merged", show, full, func(b *tab, s *stock) {
			s.user.Add("merged away", "1.00")
			b.manage(named(s, "merged away"))
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#into").selectedIndex = 1`))
			b.sendForm("merge")
			message(b)
		}},
		{"category-undo-refused", "POST /categories/{id}/undo", full, func(b *tab, s *stock) {
			s.user.Add("merged away", "1.00")
			b.manage(named(s, "merged away"))
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#into").selectedIndex = 1`))
			b.sendForm("merge")
			message(b)
			s.user.Add("merged away", "1.00")
			b.undo()
			b.await("the refusal", `document.querySelector(".fault")`)
		}},
		{"category-archived", show, full, func(b *tab, s *stock) {
			sushi := named(s, "sushi") // archived, if the picture was shown before
			s.user.Post(sushi+"/restore", programtest.Form("revision", s.user.Get(sushi).Field("revision")))
			b.manage(sushi)
			b.sendForm("archive")
			message(b)
		}},
		{"categories-archived", list, full, func(b *tab, _ *stock) {
			b.open("/categories")
			b.do(chromedp.Click(chromedp.CSS(".archived > summary")), chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
		}},
		{"category-unused", show, full, func(b *tab, s *stock) { b.manage(named(s, "deleted")) }},
		{"category-removed", list, full, func(b *tab, s *stock) {
			gone := s.user.Add("gone", "1.00").Newest().Link
			s.user.Submit(gone+"/delete", programtest.Form("revision", "1"))
			b.manage(named(s, "gone"))
			b.sendForm("remove")
			message(b)
		}},
	}
}
