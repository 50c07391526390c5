package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

const (
	saveButton   = "form button.main"
	removeButton = `form[action*="/delete"] button`
	undoButton   = "[role=status] button"
)

// spend adds an expense as a person does.
func (b *tab) spend(category, price, total string, rows int) {
	b.t.Helper()
	b.open("/")
	b.fill(category, price)
	b.do(chromedp.Click(addButton))
	b.awaitTotal(total, rows)
}

// tap presses something and waits for what comes of it.
func (b *tab) tap(what, then string) {
	b.t.Helper()
	b.press(what)
	b.await(then, then)
}

const said = `document.querySelector("[role=status]")?.textContent`

func TestADeletionIsUndone(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		user := open(programtest.Start(t, "memory:").URL)
		user.spend("coffee", "3.20", "3.20", 1)
		user.tap("[data-id] a", `document.querySelector("#price")?.value === "3.20"`)
		user.tap(removeButton, said+`?.includes("Deleted coffee")`)
		user.awaitTotal("0.00", 0)
		user.tap(undoButton, said+`?.includes("Brought back coffee")`)
		user.awaitTotal("3.20", 1)
	})
}

func TestWhatWasDeletedComesBackFromTheBin(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		user := open(programtest.Start(t, "memory:").URL)
		user.spend("coffee", "3.20", "3.20", 1)
		user.tap("[data-id] a", `document.querySelector("#price")?.value === "3.20"`)
		user.tap(removeButton, said+`?.includes("Deleted coffee")`)
		user.open("/more")
		user.tap(`main a[href="/bin"]`, `document.querySelector(".bin [data-id]")`)
		check.Contains(t, "the row", evaluate[string](user, `document.querySelector("[data-id]").textContent`), "coffee", "3.20", "Stays until")
		user.tap(".bin button", said+`?.includes("Brought back coffee")`)
		check.Equal(t, "rows in the bin", evaluate[int](user, `document.querySelectorAll("[data-id]").length`), 0)
		user.open("/")
		user.awaitTotal("3.20", 1)
	})
}

// Two people have one expense open. What both change stands side by side; the rest is put together.
func TestTwoPeopleChangeOneExpense(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, "memory:")
		user, other := open(p.URL), open(p.URL)
		user.spend("coffee", "3.20", "3.20", 1)
		for _, who := range []*tab{user, other} {
			who.open("/")
			who.tap("[data-id] a", `document.querySelector("#price")?.value === "3.20"`)
		}
		other.retype("category", "tea")
		other.retype("price", "7.00")
		other.tap(saveButton, said+`?.includes("Saved tea, $7.00")`)

		user.retype("price", "8.00")
		user.retype("note", "with Ana")
		user.tap(saveButton, `document.querySelector(".versus")`)
		choice := evaluate[string](user, `document.querySelector("main").textContent`)
		check.Contains(t, "the choice", choice, "Keep stored", "$7.00", "Keep mine", "$8.00", "with Ana", "tea")
		check.Equal(t, "fields to choose", evaluate[int](user, `document.querySelectorAll(".versus").length`), 1)
		user.press(saveButton) // nothing is chosen yet, and nothing is sent
		check.Equal(t, "the choice is asked for", evaluate[bool](user, `!!document.querySelector(".versus [name=keep_price]:invalid")`), true)
		user.press(".version:has([value=mine])")
		user.tap(saveButton, said+`?.includes("Saved tea, $8.00")`)
		user.awaitTotal("8.00", 1)
		check.Contains(t, "the row", evaluate[string](user, `document.querySelector("[data-id]").textContent`), "tea", "with Ana", "$8.00")
		user.open("/")
		user.tap("[data-id] a", `document.querySelector("#history")`)
		check.Contains(t, "the history", evaluate[string](user, `document.querySelector("#history").textContent`),
			"Changed", "$7.00", "$8.00", "$3.20", "coffee", "Added")
	})
}

func TestSeveralAreChangedAndTheChangeIsUndone(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		user := open(programtest.Start(t, programtest.NewSQLite(t)).URL)
		user.spend("coffee", "1.00", "1.00", 1)
		user.spend("tea", "2.00", "3.00", 2)
		user.spend("rent", "4.00", "7.00", 3)
		user.open("/search")
		user.tap(`a[href="/several"]`, `document.querySelectorAll("[name=pick]").length === 3`)
		user.press("[data-id='1'] label")
		user.press("[data-id='2'] label")
		user.tap(".does summary", `document.querySelector(".does details").open`)
		user.do(chromedp.SendKeys(chromedp.CSS("#category"), "drinks"))
		user.tap(".does button.main", said+`?.includes("Changed 2 expenses")`)
		const titles = `[...document.querySelectorAll("[data-id] .text")].map((e) => e.textContent.trim()).join()`
		check.Equal(t, "categories", evaluate[string](user, titles), "rent,drinks,drinks")
		user.tap(undoButton, said+`?.includes("2 expenses are as they were before")`)
		check.Equal(t, "categories", evaluate[string](user, titles), "rent,tea,coffee")
		user.open("/")
		user.awaitTotal("7.00", 3)
	})
}
