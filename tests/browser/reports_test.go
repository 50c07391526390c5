package browser_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// From the first page to the month, from a bar to the expenses that make it, back, to the month before, and to the year.
func TestAMonthIsLookedInto(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, programtest.NewSQLite(t))
		now := time.Now()
		before := now.AddDate(0, 0, -now.Day())
		visitor := programtest.Visit(t, p.URL)
		for _, e := range [][]string{
			{"category", "Rent", "price", "900", "date", now.Format("2006-01-02")},
			{"category", "Coffee", "price", "3.50", "date", now.Format("2006-01-02")},
			{"category", "Coffee", "price", "200", "date", now.Format("2006-01") + "-01"},
			{"category", "Coffee", "price", "80", "date", before.Format("2006-01-02")},
		} {
			visitor.Submit("/add", programtest.Form(e...))
		}
		user := open(p.URL)
		user.resize(390)
		user.open("/")
		total := func(path, want string) {
			t.Helper()
			user.await(path+" with "+want, `location.pathname === "`+path+`" && document.querySelector("#report-total")?.value === "`+want+`"`)
		}
		found := func(count, sum string) {
			t.Helper()
			user.await(count+" expenses of "+sum, `location.pathname === "/search" && document.querySelector("#result-count")?.value === "`+count+
				`" && document.querySelector("#result-total").value === "`+sum+`"`)
		}
		month := now.Format("/months/2006-01")
		user.press(`#where a[href="/months"]`)
		total(month, "1103.50")
		check.Contains(t, "the categories", user.textOf(".spent"), "Rent", "$900.00", "82%", "Coffee", "$203.50", "18%")

		user.press(`.spent li:nth-child(2) a`)
		found("2", "203.50")
		user.back()
		total(month, "1103.50")

		first := now.Format("2006-01") + "-01"
		if now.Day() > 1 {
			user.press(`.chart a[href*="from=` + first + `&to=` + first + `"] rect`)
			found("1", "200.00")
			user.back()
			total(month, "1103.50")
		}

		user.press(`.arrows a[rel=prev]`)
		total(before.Format("/months/2006-01"), "80.00")
		user.press(`.arrows a[rel=next]`)
		total(month, "1103.50")
		user.press(`.glance a[href^="/years/"]`)
		sum := "1103.50"
		if before.Year() == now.Year() {
			sum = "1183.50"
		}
		total(now.Format("/years/2006"), sum)
		user.press(`.chart a[href="` + month + `"] rect`)
		total(month, "1103.50")
		user.open(now.Format("/years/2006"))
		user.press(`details:has(.figures) summary`)
		user.press(`.figures a[href="` + month + `"]`)
		total(month, "1103.50")
	})
}

// back goes to the page before, which may still be in memory.
func (b *tab) back() {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`history.back()`))
}

// What is left of a budget is read on the first page and in the month, and leads to the budgets.
func TestWhatIsLeftOfABudgetIsRead(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, programtest.NewSQLite(t))
		visitor := programtest.Visit(t, p.URL)
		visitor.Add("Coffee", "90.00")
		user := open(p.URL)
		user.resize(390)
		user.open("/")
		check.Equal(t, "without budgets", user.textOf(".planned")+user.textOf(".spent .left"), "")
		visitor.Submit("/budgets", programtest.Form("category", "all", "amount", "100"))
		visitor.Submit("/budgets", programtest.Form("category", "1", "amount", "80"))
		for _, path := range []string{"/", "/months"} {
			user.open(path)
			check.Contains(t, "the whole", user.textOf(".planned"), "$10.00 left of $100")
			check.Equal(t, "the category", user.textOf(".spent .left.over"), "$10.00 over $80")
		}
		user.press(".planned a")
		user.await("the budgets", `location.pathname === "/budgets" && document.querySelector("#budget-left")?.value === "10.00"`)
	})
}
