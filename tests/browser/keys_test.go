package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// Letters are keys where nobody types, and letters where somebody does. The list of keys opens and closes as often as one likes.
func TestKeysAreNoneWhileTyping(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:")
	programtest.Visit(t, p.URL).Add("Coffee", "3.00")
	user := openTab(t, p.URL)
	user.open("/months")
	user.await("the script", `document.readyState === "complete"`)
	user.do(chromedp.KeyEvent("?"))
	user.await("the keys", `document.querySelector("#keys").open`)
	user.do(chromedp.KeyEvent("a"), chromedp.KeyEvent("/"))
	check.Equal(t, "closes as often as it opens", evaluate[bool](user, `(d => [1, 2, 3].every(() => {
		if (!d.open) d.showModal();
		d.querySelector("button").click();
		return !d.open;
	}))(document.querySelector("#keys"))`), true)
	check.Equal(t, "the page", evaluate[string](user, `location.pathname.slice(0, 8)`), "/months/")
	user.do(chromedp.KeyEvent("/"))
	user.await("the search", `location.pathname === "/search" && document.querySelector("#q") && document.readyState === "complete"`)
	user.do(chromedp.KeyEvent("/"))
	user.await("the box", `document.activeElement.id === "q"`)
	user.retype("q", "a/?")
	check.Equal(t, "what is typed", user.valueOf("q"), "a/?")
	user.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`), chromedp.KeyEvent("a"))
	user.await("the form", `document.activeElement?.id === "price"`)

	user.open("/settings")
	user.press("[name=no_keys]")
	user.press("form button.main")
	user.happened("Settings saved.")
	user.do(chromedp.KeyEvent("?"), chromedp.KeyEvent("/"))
	check.Equal(t, "the page", evaluate[string](user, `location.pathname + document.querySelector("#keys").open`), "/settingsfalse")
}

// Enter on the link to the form is not Enter in the form, which would be sent with nothing in it.
func TestEnterOnAddSendsNothing(t *testing.T) {
	t.Parallel()
	user := openTab(t, programtest.Start(t, "memory:").URL)
	user.open("/")
	user.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".tabs a.act").focus()`), chromedp.KeyEvent(kb.Enter))
	user.await("the form", `location.pathname === "/add" && document.activeElement?.id === "price"`)
	check.Equal(t, "faults", evaluate[int](user, `document.querySelectorAll("[role=alert], [aria-invalid]").length`), 0)
	user.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`), chromedp.KeyEvent("a"))
	user.await("the field", `document.activeElement?.id === "price"`)
}

// Whatever has the focus is to be seen: the bar at the bottom of a phone does not lie over it.
func TestTheFocusIsNotBehindTheBar(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:")
	visitor := programtest.Visit(t, p.URL)
	for i := range 30 {
		visitor.Add(fmt.Sprint("Category ", i), "3.00")
	}
	user := openTab(t, p.URL)
	user.resize(390)
	for _, path := range []string{"/", "/search", "/categories"} {
		user.open(path)
		user.do(chromedp.Evaluate[chromedp.Void](`document.documentElement.style.scrollBehavior = "auto"`)) // or it is still on its way
		for n := range 50 {
			user.do(chromedp.KeyEvent(kb.Tab))
			hidden := evaluate[string](user, `(e => {
				const box = e.getBoundingClientRect(), bar = document.querySelector(".bar").getBoundingClientRect();
				const on = e !== document.body && !e.closest(".bar") && box.height > 0;
				return on && box.top >= bar.top && box.top < bar.bottom ? e.outerHTML : "";
			})(document.activeElement)`)
			if hidden != "" {
				t.Fatalf("%s: after %d tabs the focus is behind the bar, on %s", path, n+1, hidden)
			}
		}
	}
}
