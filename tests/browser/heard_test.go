package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// heard returns how many elements of a role somebody finds who does not see the page.
func (b *tab) heard(role string) int {
	b.t.Helper()
	found := 0
	for _, node := range call(b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes {
		if !node.Ignored && node.Role != nil && string(node.Role.Value) == `"`+role+`"` {
			found++
		}
	}
	return found
}

// The place where the number of the selected is said is there before the first is: what comes into being with its words is not said.
func TestHowManyAreSelectedIsHeard(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:")
	programtest.Visit(t, p.URL).Add("food", "1.00")
	b := openTab(t, p.URL)
	b.open("/several")
	for _, says := range []string{"", "1 selected", ""} {
		check.Equal(t, "what is said", evaluate[string](b, `document.querySelector(".does output").textContent`), says)
		check.Equal(t, "places that say something", b.heard("status"), 1)
		b.do(chromedp.Click(chromedp.CSS(".rows li label")))
	}
}

// What is said a moment after the page came is seen all the time: nothing may move under a finger.
func TestAMessageIsHeardAndMovesNothing(t *testing.T) {
	t.Parallel()
	b := openTab(t, programtest.Start(t, "memory:").URL)
	b.resize(390)
	call(b, page.Enable, page.EnableParams{})
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
		window.heard = ""; // what was put into a message after the page was there
		window.moved = 0;
		new MutationObserver((changes) => {
			if (document.readyState === "loading") return;
			for (const change of changes) {
				if (!change.target.closest?.("[role=status]")) continue;
				for (const node of change.addedNodes) if (node.ariaHidden !== "true") window.heard += node.textContent;
			}
		}).observe(document, { childList: true, subtree: true });
		new PerformanceObserver((list) => {
			for (const shift of list.getEntries()) window.moved += shift.value;
		}).observe({ type: "layout-shift" });`})
	b.open("/")
	b.fill("coffee", "3.20")
	b.do(chromedp.Click(addButton))
	b.await("the message", `window.heard.includes("Added coffee")`)
	b.do(chromedp.Evaluate[chromedp.Void](`requestAnimationFrame(() => setTimeout(() => (window.drawn = true), 100))`))
	b.await("the page as it is then", `window.drawn`)
	check.Equal(t, "moved", evaluate[float64](b, `window.moved`), 0)
	check.Contains(t, "the message", b.textOf("[role=status]"), "Added coffee", "Undo")
}
