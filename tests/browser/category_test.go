package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// said waits for the notice that says what happened, and for the heading of the page that it stands on.
func (b *tab) said(what, heading string) {
	b.t.Helper()
	b.await(what, fmt.Sprintf(`document.querySelector("[role=status]")?.textContent.includes(%q) &&
		document.querySelector("h1").textContent === %q`, what, heading))
}

// undo presses the button of the notice.
func (b *tab) undo() {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS("[role=status] form button")))
}

// openCategory goes to a category's page from the list of all.
func (b *tab) openCategory(name string) {
	b.t.Helper()
	b.open("/categories")
	const mark = `[...document.querySelectorAll(".list a")].find(a => a.textContent === %q).id = "wanted"`
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(mark, name)),
		chromedp.Click(chromedp.CSS("#wanted")))
	b.await("the page of "+name, fmt.Sprintf(`document.querySelector("h1").textContent === %q && document.querySelector(".manage")`, name))
}

// A person looks after a category: renames it, gives it a colour and an icon, merges it, archives it, removes an empty one, and takes back
// what was a slip.
func TestACategoryIsManagedInARealBrowser(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, programtest.NewSQLite(t))
		visitor := programtest.Visit(t, p.URL)
		visitor.Add("Fod", "12.00")
		visitor.Add("Snacks", "3.50")
		slip := visitor.Add("Slip", "1.00").Newest().Link
		visitor.Submit(slip+"/delete", programtest.Form("revision", "1"))

		user := open(p.URL)
		user.resize(390)
		total := func(want string) {
			t.Helper()
			check.Equal(t, "this month", evaluate[string](user, `document.querySelector("#category-total").value`), want)
		}
		manage := func() { user.do(chromedp.Click(chromedp.CSS(".manage > summary"))) }

		user.openCategory("Fod")
		total("12.00")
		manage()
		user.retype("category", "Food")
		user.sendForm("rename")
		user.said("Renamed to Food.", "Food")
		user.undo()
		user.said("Fod is as it was before.", "Fod")

		manage()
		user.do(chromedp.Click(chromedp.CSS(`.swatch input[value="plum"]`)))
		user.retype("icon", "🥕")
		user.sendForm("look")
		user.said("Fod has its new look.", "Fod")
		check.Equal(t, "its mark", evaluate[string](user, `(e => e.textContent + " " + e.className)(document.querySelector(".who .tile"))`),
			"🥕 tile c-plum")

		user.openCategory("Snacks")
		manage()
		user.do(chromedp.Evaluate[chromedp.Void](
			`(s => s.value = [...s.options].find(o => o.text === "Fod").value)(document.querySelector("#into"))`))
		user.sendForm("merge")
		user.said("Merged Snacks into Fod.", "Fod")
		total("15.50")
		user.undo()
		user.said("Snacks is as it was before.", "Snacks")
		total("3.50")

		manage()
		user.sendForm("archive")
		user.said("Archived Snacks", "Snacks")
		user.open("/add")
		check.Equal(t, "what is suggested", evaluate[string](user,
			`[...new Set([...document.querySelectorAll("[name=category][type=radio], #categories option")].map(e => e.value))].join()`),
			"Fod") // nothing is left of Slip
		user.open("/categories")
		check.Contains(t, "the list", evaluate[string](user, `document.querySelector(".archived").textContent`), "1 archived category", "Snacks")

		user.openCategory("Slip")
		manage()
		user.sendForm("remove")
		user.said("The category was removed.", "Categories")
		check.Equal(t, "what is left", evaluate[string](user, `[...document.querySelectorAll("main .list a")].map(a => a.textContent).join()`),
			"Fod,Snacks")
	})
}
