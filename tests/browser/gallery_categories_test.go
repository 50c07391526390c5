package browser_test

import "github.com/chromedp/chromedp"

func categoryPictures() []picture {
	const list, show = "GET /categories", "GET /categories/{id}"
	return []picture{
		{"categories", list, full, at("/categories")},
		{"empty-categories", list, empty, at("/categories")},
		{"category", show, full, in(func(s *stock) string { return s.category })},
		{"renamed", list, full, func(b *tab, s *stock) {
			b.open(s.category)
			b.do(chromedp.Click(chromedp.CSS(`form[action$="/rename"] button`)))
			b.await("the message", `document.querySelector("[role=status]")`)
		}},
		{"category-conflict", "POST /categories/{id}/rename", full, func(b *tab, s *stock) {
			b.open(s.category)
			b.retype("category", "sushi")
			b.do(chromedp.Click(chromedp.CSS(`form[action$="/rename"] button`)))
			b.await("the conflict", `document.querySelector("#category-error")`)
		}},
		{"category-merge-refused", "POST /categories/{id}/merge", full, func(b *tab, s *stock) {
			b.open(s.category)
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#into").form.noValidate = true`),
				chromedp.Click(chromedp.CSS(`form[action$="/merge"] button`)))
			b.await("the refusal", `document.querySelector("#into-error")`)
		}},
	}
}
