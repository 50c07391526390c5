package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// One line is an expense, with scripts and without. With them, what it says is told while it is typed.
func TestALineIsTypedIntoARealBrowser(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"with scripts": true, "without scripts": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			user := openTab(t, programtest.Start(t, "memory:").URL)
			if !scripts {
				user.withoutScripts()
			}
			user.open("/")
			user.fill("Eating out", "1.00"+kb.Enter)
			user.awaitTotal("1.00", 1)
			user.do(chromedp.Click(chromedp.CSS("form.entry summary")),
				chromedp.SendKeys(chromedp.CSS("#line"), "12.50 eating out with Ana #work"))
			if scripts {
				user.await("what the line says",
					`document.querySelector("#line-says")?.textContent === "$12.50 · Eating out · with Ana · #work"`)
			}
			user.do(chromedp.KeyEvent(kb.Enter))
			user.awaitTotal("13.50", 2)
			check.Contains(t, "the newest", evaluate[string](user, `document.querySelector("[data-id]").textContent`),
				"Eating out", "with Ana", "12.50")
		})
	}
}
