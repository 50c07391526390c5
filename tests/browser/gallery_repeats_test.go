package browser_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func repeatPictures() []picture {
	const list, form, show = "GET /repeats", "GET /repeats/new", "GET /repeats/{id}"
	fill := func(s *stock) {
		s.user.Submit("/repeats", programtest.Form("category", "rent", "price", "1180", "frequency", "monthly", "day", "1"))
		s.user.Submit("/repeats", programtest.Form("category", longest, "payee", longest, "price", "9999999999.99", "frequency", "weekly",
			"note", "n", "tags", "#work", "refund", "1"))
		s.user.Submit("/repeats", programtest.Form("category", "sushi", "price", "123456", "currency", "JPY", "frequency", "daily", "every", "4"))
	}
	return []picture{
		{"repeats-empty", list, empty, at("/repeats")},
		{"repeat-new", form, empty, at("/repeats/new")},
		{"repeats", list, full, func(b *tab, s *stock) { fill(s); b.open("/repeats") }},
		{"repeat", show, full, at("/repeats/2")},
		{"home-soon", home, full, at("/")},
		{"repeat-refused", "POST /repeats", full, func(b *tab, _ *stock) {
			b.open("/repeats/new")
			b.retype("every", "0")
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#every").form.noValidate = true`),
				chromedp.Click(chromedp.CSS(`form[action="/repeats"] button`)))
			b.await("the refusal", `document.querySelector("#every-error")`)
		}},
	}
}

// changeRepeat sends the form of a repeat's page that ends with a word, and awaits the list of all.
func (b *tab) changeRepeat(repeat, what string) {
	b.t.Helper()
	b.open(repeat)
	b.do(chromedp.Click(chromedp.CSS(`form[action="` + repeat + "/" + what + `"] button`)))
	b.await("the list after "+what, `location.pathname === "/repeats" && document.querySelector("[role=status]")`)
}

// A person lets an expense repeat, skips a date, pauses and resumes it, and ends it.
func TestAnExpenseIsMadeToRepeatAndEnded(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		user := open(programtest.Start(t, programtest.NewSQLite(t)).URL)
		text := func(selector string) string {
			return evaluate[string](user, `document.querySelector("`+selector+`").textContent`)
		}
		user.open("/")
		user.fill("piano", "25")
		user.do(chromedp.Click(addButton))
		user.awaitTotal("25.00", 1)
		user.do(chromedp.Click(chromedp.CSS(`.notice a[href="/repeats/new?from=1"]`)))
		user.await("the form", `document.querySelector("#price")?.value === "25.00" && document.querySelector("#category").value === "piano"`)
		there, err := time.Parse(time.DateOnly, evaluate[string](user, `document.querySelector("#start").value`))
		if err != nil {
			t.Fatal(err)
		}
		day := func(weeks int) string { return there.AddDate(0, 0, 7*weeks).Format("Monday, 2 January 2006") }
		user.do(chromedp.SetValue(chromedp.CSS("#frequency"), "weekly"), chromedp.Click(chromedp.CSS(`form[action="/repeats"] button.main`)))
		user.await("the list", `location.pathname === "/repeats" && document.querySelector("[role=status]")`)
		check.Contains(t, "its row", text(".rows li"), "piano", "$25.00", "every "+there.Weekday().String())

		user.open("/")
		check.Contains(t, "what comes up", text(".soon li"), "piano", "$25.00", there.AddDate(0, 0, 7).Format("Mon 2 Jan"))
		user.do(chromedp.Click(chromedp.CSS(".soon li a")))
		user.await("its page", `location.pathname === "/repeats/1" && document.querySelector(".facts")`)
		check.Contains(t, "its page", text(".facts"), "Next", day(1))
		user.changeRepeat("/repeats/1", "skip")
		user.open("/repeats/1")
		check.Contains(t, "its page after one is skipped", text(".facts"), day(2), "Skipped")

		user.changeRepeat("/repeats/1", "pause")
		check.Contains(t, "its row while it rests", text(".rest li"), "piano", "since")
		user.open("/")
		check.Equal(t, "something comes up", evaluate[bool](user, `!!document.querySelector(".soon")`), false)
		user.changeRepeat("/repeats/1", "resume")
		user.changeRepeat("/repeats/1", "end")
		check.Contains(t, "the list in the end", text("#ended-title")+text(".rest li"), "Ended", "piano")
		user.open("/")
		user.awaitTotal("25.00", 1)
	})
}
