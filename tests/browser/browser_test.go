package browser_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

const addButton chromedp.CSS = `form[action="/add"] button`

func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

func (b *tab) resize(width int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
}

func (b *tab) withoutScripts() *tab {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return b
}

// fill types an expense into the form, without sending it.
func (b *tab) fill(category, price string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS("#category"), category), chromedp.SendKeys(chromedp.CSS("#price"), price))
}

// retype replaces what a field holds.
func (b *tab) retype(field, text string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("`+field+`").select()`), chromedp.KeyEvent(text))
}

// awaitTotal waits for the page with the total of all expenses and their number on the page.
func (b *tab) awaitTotal(total string, rows int) {
	b.t.Helper()
	b.await(fmt.Sprintf("total %s, %d rows", total, rows),
		fmt.Sprintf(`document.querySelector("#total")?.value === %q && document.querySelectorAll("[data-id]").length === %d`, total, rows))
}

// inBothWays runs a test with scripts and without.
func inBothWays(t *testing.T, test func(t *testing.T, open func(url string) *tab)) {
	t.Helper()
	t.Run("with scripts", func(t *testing.T) {
		t.Parallel()
		test(t, func(url string) *tab { return openTab(t, url) })
	})
	t.Run("without scripts", func(t *testing.T) {
		t.Parallel()
		test(t, func(url string) *tab { return openTab(t, url).withoutScripts() })
	})
}

func TestAnExpenseIsTypedIntoARealBrowser(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		p := programtest.Start(t, storage)
		for _, user := range []*tab{openTab(t, p.URL), openTab(t, p.URL).withoutScripts()} {
			user.open("/")
			total := evaluate[string](user, `document.querySelector("#total").value`)
			rows := evaluate[int](user, `document.querySelectorAll("[data-id]").length`)
			user.fill("coffee", "0.10")
			user.do(chromedp.Click(addButton))
			user.awaitTotal(map[string]string{"0.00": "0.10", "0.30": "0.40"}[total], rows+1)
			user.fill("tea", "0,20")
			user.do(chromedp.Click(addButton))
			user.awaitTotal(map[string]string{"0.00": "0.30", "0.30": "0.60"}[total], rows+2)
			check.Equal(t, "the newest", evaluate[string](user, `document.querySelector("[data-id] a").textContent`), "tea")
			user.await("the message", `document.querySelector("[role=status]")?.textContent.includes("Added")`) // said once more, to be heard
			check.Contains(t, "the message", evaluate[string](user, `document.querySelector("[role=status]").textContent`), "Added", "tea", "0.20")
		}
	})
}

func TestADoubleClickAddsOne(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, programtest.NewSQLite(t))
		user := open(p.URL)
		user.open("/")
		user.fill("coffee", "3.20")
		user.do(chromedp.DoubleClick(addButton))
		user.awaitTotal("3.20", 1)
		user.open("/")
		user.awaitTotal("3.20", 1)
	})
}

func TestReloadingAndGoingBackAddNothing(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		user := open(programtest.Start(t, "memory:").URL)
		user.open("/")
		user.fill("coffee", "3.20")
		user.do(chromedp.Click(addButton))
		user.awaitTotal("3.20", 1)
		user.do(chromedp.Reload())
		user.awaitTotal("3.20", 1)
		user.do(chromedp.Reload())
		user.awaitTotal("3.20", 1)

		user.do(chromedp.Evaluate[chromedp.Void](`document.body.dataset.left = "yes"; history.back()`))
		user.await("the page before", `!document.body.dataset.left && document.querySelector("#category")`)
		user.retype("category", "tea") // another purchase, in the form of the page before
		user.retype("price", "1.00")
		user.do(chromedp.Click(addButton))
		user.awaitTotal("4.20", 2)
	})
}

func TestARefusedFormIsMendedAndSentOnce(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		user := open(programtest.Start(t, "memory:").URL)
		user.open("/")
		user.fill("coffee", "none")
		user.do(chromedp.Click(addButton))
		user.await("the refusal", `document.querySelector("#price-error")`)
		check.Equal(t, "category as typed", evaluate[string](user, `document.querySelector("#category").value`), "coffee")
		check.Equal(t, "the field to mend has the focus", evaluate[string](user, `document.activeElement.id`), "price")
		user.retype("price", "3.20"+kb.Enter)
		user.awaitTotal("3.20", 1)
		user.do(chromedp.Reload())
		user.awaitTotal("3.20", 1)
	})
}

func TestTheKeyboardIsEnough(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		user := open(programtest.Start(t, "memory:").URL)
		user.open("/")
		user.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`))
		const named = `(e => e.id || e.name || e.textContent.trim())(document.activeElement)`
		at, order := -1, []string{
			"Skip to the content", "Expense Tracker", "Home", "More", "price", "category", "Today · USD · Note", "Add expense",
		}
		if !evaluate[bool](user, `document.activeElement === document.body`) {
			t.Fatal("something has the focus")
		}
		for range 30 {
			user.do(chromedp.KeyEvent(kb.Tab))
			focused := evaluate[string](user, named) // a date's parts are the browser's own, and so is their ring
			if at+1 < len(order) && focused == order[at+1] {
				at++
			}
			if focused != "date" && !evaluate[bool](user,
				`document.activeElement === document.body || document.activeElement.matches(":focus-visible")`) {
				t.Errorf("%s does not show that it has the focus", focused)
			}
		}
		check.Equal(t, "the last that was reached in order", order[max(0, at)], "Add expense")

		user.open("/")
		user.do(chromedp.Focus(chromedp.CSS("#price")), chromedp.KeyEvent("3.20"+kb.Tab+"coffee"+kb.Enter))
		user.awaitTotal("3.20", 1)
	})
}

// On a wide screen the tab key goes through the first page's columns as they are seen, and back to none.
func TestTheTabKeyGoesThroughColumns(t *testing.T) {
	t.Parallel()
	user := openTab(t, programtest.Start(t, "memory:", "--demo").URL)
	user.open("/")
	user.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`))
	const column = `(e => e ? e.offsetLeft : -1)(document.activeElement.closest(".home > :not(.glance)"))`
	columns := []int{}
	for range 120 {
		user.do(chromedp.KeyEvent(kb.Tab))
		at := evaluate[int](user, column)
		if at < 0 && len(columns) > 0 {
			break
		}
		if at >= 0 && (len(columns) == 0 || at != columns[len(columns)-1]) {
			columns = append(columns, at)
		}
	}
	if len(columns) != 3 || !slices.IsSorted(columns) {
		t.Errorf("the columns are reached at %v", columns)
	}
}

func TestAFailingStorageLeavesWhatIsTypedInTheForm(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		storage := programtest.NewSQLite(t)
		p := programtest.Start(t, storage, "--config", programtest.WriteFile(t, "config.yaml", "database:\n  operation_timeout: 3s\n"))
		user := open(p.URL)
		user.open("/")
		release := programtest.Hold(t, storage)
		user.fill("coffee", "3.20")
		user.do(chromedp.Click(chromedp.CSS(".fold summary")), chromedp.SendKeys(chromedp.CSS("#note"), "typed by hand"),
			chromedp.Click(addButton))
		user.await("the apology", `document.querySelector("[role=alert]")`)
		for field, typed := range map[string]string{"category": "coffee", "price": "3.20", "note": "typed by hand"} {
			check.Equal(t, field, evaluate[string](user, `document.getElementById("`+field+`").value`), typed)
		}
		release()
		user.do(chromedp.Click(addButton))
		user.awaitTotal("3.20", 1)
		check.Equal(t, "rows", programtest.Stored(t, storage), 1)
	})
}
