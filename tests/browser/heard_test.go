package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/accessibility"
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
