package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// forceColours shows pages to somebody whose system has a few colours of its own for everything.
func (b *tab) forceColours(scheme string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "forced-colors", Value: "active"}, {Name: "prefers-color-scheme", Value: scheme},
	}})
}

// Where colours are forced, the one that is to be chosen stays itself, and the chosen one is marked.
func TestColoursCanBeChosenWhereTheyAreForced(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:")
	programtest.Visit(t, p.URL).Add("food", "1.00")
	b := openTab(t, p.URL)
	for _, scheme := range []string{"light", "dark"} {
		b.forceColours(scheme)
		b.openCategory("food")
		b.do(chromedp.Click(chromedp.CSS(".manage > summary")), chromedp.Click(chromedp.CSS(`.swatch input[value="plum"]`)))
		if !evaluate[bool](b, `matchMedia("(forced-colors: active)").matches`) {
			t.Fatal("no colours are forced")
		}
		check.Equal(t, "colours to choose from, "+scheme, evaluate[int](b,
			`new Set([...document.querySelectorAll(".swatch")].map((e) => getComputedStyle(e).backgroundColor)).size`), 12)
		const marked = `[...document.querySelectorAll(".swatch")].filter((e) => getComputedStyle(e).boxShadow !== "none")
			.map((e) => e.className).join()`
		check.Equal(t, "the chosen one, "+scheme, evaluate[string](b, marked), "swatch c-plum")
		if *screenshots != "" {
			b.photograph("category-forced-"+scheme+".png", chromedp.FullScreenshot(100))
		}
	}
}
