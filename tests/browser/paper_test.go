package browser_test

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// On paper a long list goes on from one page to the next, and what only leads elsewhere is left out.
func TestPagesArePrinted(t *testing.T) {
	t.Parallel()
	b := openTab(t, programtest.Start(t, "memory:", "--demo").URL)
	b.resize(794) // a sheet of A4
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	for _, path := range []string{"/months/" + time.Now().Format("2006-01"), "/years/" + time.Now().Format("2006"), "/search"} {
		b.open(path)
		check.Equal(t, "cards on "+path+" that go on no other page", evaluate[int](b,
			`[...document.querySelectorAll(".card")].filter(e => getComputedStyle(e).breakInside === "avoid").length`), 0)
		check.Equal(t, "what leads elsewhere on "+path, evaluate[int](b,
			`[...document.querySelectorAll("button, summary, .button, nav a, .chip")].filter(e => e.offsetParent).length`), 0)
	}
}

// The names of months are as large as other small text, however narrow their chart is.
func TestNamesOfMonthsCanBeRead(t *testing.T) {
	t.Parallel()
	b := openTab(t, programtest.Start(t, "memory:", "--demo").URL)
	b.open("/")
	for _, width := range []int64{1280, 195} {
		b.resize(width)
		check.Equal(t, "names that are too small", evaluate[int](b, `[...document.querySelectorAll(".trend text")].filter(
			e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a < 12).length`), 0)
		check.Equal(t, "names", evaluate[int](b, `document.querySelectorAll(".trend text").length`) >= 12, true)
	}
}
