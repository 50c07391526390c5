package browser_test

import (
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
)

func repeatPictures() []picture {
	const list, form, show = "GET /repeats", "GET /repeats/new", "GET /repeats/{id}"
	fill := func(s *stock) {
		s.user.Submit("/repeats", programtest.Form("category", "rent", "price", "1180", "frequency", "monthly", "day", "1"))
		s.user.Submit("/repeats", programtest.Form("category", longest, "payee", longest, "price", "9999999999.99", "frequency", "weekly",
			"note", "n", "tags", "#work", "refund", "1"))
		s.user.Submit("/repeats", programtest.Form("category", "sushi", "price", "123456", "currency", "JPY", "frequency", "daily", "every", "4"))
	}
	return []picture{
		{"repeats-empty", list, empty, at("/repeats")},
		{"repeat-new", form, empty, at("/repeats/new")},
		{"repeats", list, full, func(b *tab, s *stock) { fill(s); b.open("/repeats") }},
		{"repeat", show, full, at("/repeats/2")},
		{"repeat-refused", "POST /repeats", full, func(b *tab, _ *stock) {
			b.open("/repeats/new")
			b.retype("every", "0")
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#every").form.noValidate = true`),
				chromedp.Click(chromedp.CSS(`form[action="/repeats"] button`)))
			b.await("the refusal", `document.querySelector("#every-error")`)
		}},
	}
}
