package browser_test

import (
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
)

const home = "GET /{$}"

func homePictures() []picture {
	return []picture{
		{"demo", home, demo, at("/")},
		{"demo-details", home, demo, func(b *tab, _ *stock) {
			b.open("/")
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => { d.open = true })`))
		}},
		{"empty", home, empty, at("/")},
		{"adding", "GET /add", full, at("/add")},
		{"more", "GET /more", full, at("/more")},
		{"settings", "GET /settings", full, at("/settings")},
		{"settings-refused", "POST /settings", full, func(b *tab, _ *stock) {
			b.open("/settings")
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("[value=en]").value = "tlh"`),
				chromedp.Click(chromedp.CSS("[value=tlh]")), chromedp.Click(chromedp.CSS("button.main")))
			b.await("the refusal", `document.querySelector("#language-error")`)
		}},
		{"home", home, full, at("/")},
		{"added", home, full, func(b *tab, _ *stock) {
			b.open("/")
			b.fill("coffee", "3.20")
			b.do(chromedp.Click(addButton))
			b.await("the message", `document.querySelector("[role=status]")`)
		}},
		{"refused", "POST /add", full, func(b *tab, _ *stock) {
			b.open("/")
			b.fill(longest, "twelve")
			b.do(chromedp.Click(addButton))
			b.await("the refusal", `document.querySelector("#price-error")`)
		}},
		{"unavailable", "POST /add", full, func(b *tab, s *stock) {
			release := programtest.Hold(b.t, s.storage)
			defer release()
			b.open("/")
			b.fill(longest, "3.20")
			b.do(chromedp.Click(addButton))
			b.await("the apology", `document.querySelector("[role=alert]")`)
		}},
	}
}
