package browser_test

import (
	"fmt"

	"github.com/chromedp/chromedp"
)

func severalPictures() []picture {
	const show, change = "GET /several", "POST /several"
	return []picture{
		{"several", show, demo, func(b *tab, _ *stock) {
			b.open("/several?category=Groceries")
			b.do(chromedp.Click(chromedp.CSS(".rows li:nth-child(2) label")), chromedp.Click(chromedp.CSS(".rows li:nth-child(3) label")))
		}},
		{"several-all", show, full, at("/several?all=1")},
		{"several-nothing", show, full, at("/several?q=zeppelin")},
		{"several-deleted", show, full, at("/several?deleted=1")},
		{"several-changed", show, full, func(b *tab, s *stock) {
			s.changes++
			b.open("/several")
			b.do(chromedp.Click(chromedp.CSS(".rows li label")), chromedp.Click(chromedp.CSS(".does summary")),
				chromedp.SendKeys(chromedp.CSS("#tags"), fmt.Sprint("#selected", s.changes)), chromedp.Click(chromedp.CSS(".does button.main")))
			b.await("the message", `document.querySelector("[role=status] button")`)
		}},
		{"several-gone", change, full, func(b *tab, _ *stock) {
			b.open("/several?all=1")
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("[name=pick]:checked").value = "1000000.1"`),
				chromedp.Click(chromedp.CSS(".does .danger")))
			b.await("the refusal", `document.querySelector("[role=alert]")`)
		}},
		{"several-refused", change, full, func(b *tab, _ *stock) {
			b.open("/several?all=1")
			b.do(chromedp.Click(chromedp.CSS(".does summary")), chromedp.SendKeys(chromedp.CSS("#tags"), "a b c d e f g h i j k"),
				chromedp.Click(chromedp.CSS(".does button.main")))
			b.await("the refusal", `document.querySelector("#tags-error")`)
		}},
	}
}
