package browser_test

import "github.com/chromedp/chromedp"

func ratePictures() []picture {
	const list, show = "GET /rates", "GET /rates/{id}"
	enter := func(b *tab, currency, rate, date string) {
		b.open("/rates")
		b.retype("currency", currency)
		b.retype("rate", rate)
		b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#date").value = "`+date+`"`),
			chromedp.Click(chromedp.CSS(`form[action="/rates"] button`)))
	}
	return []picture{
		{"rates", list, full, at("/rates")},
		{"empty-rates", list, empty, at("/rates")},
		{"rate-entered", list, full, func(b *tab, _ *stock) {
			enter(b, "JPY", "0.0065", "2026-01-02")
			b.await("the message", `document.querySelector("[role=status]")`)
		}},
		{"rate-refused", "POST /rates", full, func(b *tab, _ *stock) {
			enter(b, "JPY", "0", "2026-01-02")
			b.await("the refusal", `document.querySelector("#rate-error")`)
		}},
		{"rate", show, full, func(b *tab, _ *stock) {
			enter(b, "KRW", "123456789.0123456789", "2026-01-03")
			b.await("the message", `document.querySelector("[role=status] a")`)
			b.do(chromedp.Click(chromedp.CSS(`[role=status] a`)))
			b.await("the rate", `document.querySelector("form.danger")`)
		}},
	}
}
