package browser_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// press taps the middle of what a selector names, as soon as it is there. It may be a bar of a picture, on a page that came from memory.
func (b *tab) press(selector string) {
	b.t.Helper()
	element := `document.querySelector(` + quoted(selector) + `)`
	b.await(selector, element)
	b.do(chromedp.Evaluate[chromedp.Void](element + `.scrollIntoView({block: "center", behavior: "instant"})`))
	middle := evaluate[[]float64](b, `(r => [r.x + r.width / 2, r.y + r.height / 2])(`+element+`.getBoundingClientRect())`)
	b.do(chromedp.MouseClickXY(middle[0], middle[1]))
}

// quoted returns a text as JavaScript has it.
func quoted(text string) string { return "`" + strings.ReplaceAll(text, "`", "\\`") + "`" }

// textOf returns what the first element of a selector says; empty if there is none.
func (b *tab) textOf(selector string) string {
	b.t.Helper()
	return evaluate[string](b, `document.querySelector(`+quoted(selector)+`)?.textContent ?? ""`)
}

// valueOf returns what a field holds.
func (b *tab) valueOf(field string) string {
	b.t.Helper()
	return evaluate[string](b, `document.getElementById("`+field+`").value`)
}

// set gives a field a value, as a picker does.
func (b *tab) set(field, value string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("` + field + `").value = ` + quoted(value)))
}

// happened waits for a message with a text.
func (b *tab) happened(text string) {
	b.t.Helper()
	b.await("the message "+text, `document.querySelector("[role=status]")?.textContent.includes(`+quoted(text)+`)`)
}

// day returns the date so many days from today, which is the machine's own, as by default the program's.
func day(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }

const addTap = `form.entry button.main`

// tile is the button of a category in the form.
func tile(category string) string { return `.choice input[value="` + category + `"]` }

// Three taps and the digits are an expense. What was added is said and lit up, can be undone, and can be edited.
func TestThreeTapsAndTheDigitsAreAnExpense(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, programtest.NewSQLite(t))
		programtest.Visit(t, p.URL).Add("Coffee", "3.00")
		user := open(p.URL)
		user.resize(390)
		user.open("/")
		add := func(digits, total string, rows int) {
			t.Helper()
			user.press("#price")
			user.do(chromedp.KeyEvent(digits))
			user.press(tile("Coffee"))
			user.press(addTap)
			user.awaitTotal(total, rows)
		}
		add("4.50", "7.50", 2)
		user.happened("Added Coffee, $4.50.")
		user.happened("Today")
		check.Equal(t, "rows lit up", evaluate[int](user, `document.querySelectorAll(".list .lit").length`), 1)
		check.Contains(t, "the row", user.textOf(".list .lit"), "Coffee", "$4.50")

		user.press("[role=status] form button")
		user.awaitTotal("3.00", 1)
		user.happened("Deleted Coffee, $4.50.")

		add("5.60", "8.60", 2)
		user.press("[role=status] a.quiet")
		user.await("the expense", `location.pathname.startsWith("/expenses/") && document.querySelector("#price")`)
		check.Equal(t, "the price to edit", user.valueOf("price"), "5.60")
		user.retype("price", "6.50")
		user.press("form button.main")
		user.happened("Saved Coffee, $6.50.")
		user.open("/")
		user.awaitTotal("9.50", 2)
	})
}

// Several expenses of one trip are typed one after the other: the day and the currency stay.
func TestTheNextExpenseKeepsDayAndCurrency(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, "memory:")
		programtest.Visit(t, p.URL).Add("Coffee", "3.00")
		user := open(p.URL)
		user.resize(390)
		user.open("/")
		user.press(".fold summary")
		user.set("date", day(-3))
		user.retype("currency", "EUR")
		user.do(chromedp.SendKeys(chromedp.CSS("#price"), "2.00"))
		user.press(tile("Coffee"))
		user.press(addTap)
		user.happened("Added Coffee, €2.00.")
		check.Equal(t, "date", user.valueOf("date"), day(-3))
		check.Equal(t, "currency", user.valueOf("currency"), "EUR")
		user.press("#price")
		user.do(chromedp.KeyEvent("1.50"))
		user.press(tile("Coffee"))
		user.press(addTap)
		user.happened("Added Coffee, €1.50.")
		check.Equal(t, "euros", evaluate[string](user, `document.querySelector("#total-EUR").value`), "3.50")
		user.open("/") // anew, as on another day
		check.Equal(t, "date", user.valueOf("date"), day(0))
		check.Equal(t, "currency", user.valueOf("currency"), "USD")
	})
}

// A slip of the finger in the year is stored and pointed out, with the way to change it.
func TestAFarDateIsPointedOut(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		user := open(programtest.Start(t, "memory:").URL)
		for far, says := range map[string]string{day(800): "in the future", day(-800): "more than a year back"} {
			user.open("/")
			user.press(".fold summary")
			user.set("date", far)
			user.fill("coffee", "2.00")
			user.press(addTap)
			user.happened(says)
			user.press("[role=status] small a")
			user.await("the date to change", `location.hash === "#date" && document.querySelector("#date")`)
			check.Equal(t, "the date", user.valueOf("date"), far)
			user.set("date", day(-1))
			user.press("form button.main")
			user.happened("Saved coffee, $2.00.")
		}
		user.open("/")
		check.Contains(t, "the newest", user.textOf(".newest"), "Yesterday")
	})
}

// A draft is there again after a reload, and is gone when it was sent.
func TestADraftSurvivesAReload(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:")
	programtest.Visit(t, p.URL).Add("Coffee", "3.00")
	user := openTab(t, p.URL)
	user.resize(390)
	user.open("/")
	user.do(chromedp.SendKeys(chromedp.CSS("#price"), "7.25"))
	user.press(tile("Coffee"))
	user.press(".fold summary")
	user.do(chromedp.SendKeys(chromedp.CSS("#note"), "with Ana"))
	for range 2 {
		user.do(chromedp.Reload())
		user.await("the draft", `document.querySelector("#price")?.value === "7.25"`)
		check.Equal(t, "the category", evaluate[bool](user, `document.querySelector(`+quoted(tile("Coffee"))+`).checked`), true)
		check.Equal(t, "the note", user.valueOf("note"), "with Ana")
	}
	user.press(addTap)
	user.awaitTotal("10.25", 2)
	check.Equal(t, "the amount after it was sent", user.valueOf("price"), "")
	user.do(chromedp.Reload())
	user.await("the page", `document.querySelector("#price")`)
	check.Equal(t, "the amount after a reload", user.valueOf("price"), "")
}

// A draft that could not be sent is there again, and what was sent twice is stored once.
func TestADraftSurvivesASendingWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:")
	programtest.Visit(t, p.URL).Add("Coffee", "3.00")
	user := openTab(t, p.URL)
	user.open("/")
	user.do(chromedp.SendKeys(chromedp.CSS("#price"), "7.25"))
	user.press(tile("Coffee"))
	key := user.keyOfForm()
	user.goOffline(true)
	user.press(addTap)
	user.await("no page", `!document.querySelector("#price")`)
	user.goOffline(false)
	user.open("/")
	check.Equal(t, "the amount that was not sent", user.valueOf("price"), "7.25")
	check.Equal(t, "the key", user.keyOfForm(), key)
	user.press(addTap)
	user.awaitTotal("10.25", 2)
	check.Equal(t, "the amount after it was sent", user.valueOf("price"), "")
	user.open("/")
	check.Equal(t, "the amount on another page", user.valueOf("price"), "")
}

// keyOfForm returns the key that the form for a new expense is sent with.
func (b *tab) keyOfForm() string {
	b.t.Helper()
	return evaluate[string](b, `document.querySelector("form.entry [name=idempotency_key]").value`)
}

// goOffline takes the network away, or brings it back.
func (b *tab) goOffline(offline bool) {
	b.t.Helper()
	call(b, cdp.Command[throttled, cdp.Empty]{Method: "Network.emulateNetworkConditions"},
		throttled{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1})
}

// One line says it all: amount, category, note, day and tags.
func TestOneLineSaysItAll(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, "memory:")
		programtest.Visit(t, p.URL).Add("Lunch", "1.00")
		user := open(p.URL)
		user.open("/")
		user.press(".fold summary")
		user.do(chromedp.SendKeys(chromedp.CSS("#line"), "12.50 lunch with Ana yesterday #work"+kb.Enter))
		user.awaitTotal("13.50", 2)
		user.happened("Added Lunch, $12.50.")
		user.happened("Yesterday")
		user.press("[role=status] a.quiet")
		user.await("the expense", `location.pathname.startsWith("/expenses/") && document.querySelector("#price")`)
		for field, want := range map[string]string{
			"price": "12.50", "category": "Lunch", "note": "with Ana", "date": day(-1), "tags": "#work", "currency": "USD",
		} {
			check.Equal(t, field, user.valueOf(field), want)
		}
	})
}
