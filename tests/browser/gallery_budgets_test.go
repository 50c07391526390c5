package browser_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func budgetPictures() []picture {
	const list, one = "GET /budgets", "GET /budgets/{id}"
	return []picture{
		{"empty-budgets", list, empty, at("/budgets")},
		{"new-budget", "GET /budgets/new", full, at("/budgets/new")},
		{"budget-refused", "POST /budgets", full, func(b *tab, _ *stock) {
			b.open("/budgets/new")
			b.retype("amount", "-1")
			b.do(chromedp.SetValue(chromedp.CSS("#category"), "all"), chromedp.Click(chromedp.CSS("button.main")))
			b.await("the refusal", `document.querySelector("#amount-error")`)
		}},
		{"budgets-later", list, full, func(b *tab, _ *stock) {
			b.open("/budgets/3")
			b.set("from", time.Now().AddDate(0, 2, 0).Format("2006-01"))
			b.retype("amount", "123456789.00")
			b.do(chromedp.Click(chromedp.CSS("button.main")))
			b.await("the budget", `document.querySelector("#ahead-title")`)
		}},
		{"budgets", list, full, func(b *tab, _ *stock) {
			b.setBudget("/budgets/all", "3000")
			b.setBudget("/budgets/1", "0.01")
			b.setBudget("/budgets/2", "123456789.00")
		}},
		{"budget", one, full, at("/budgets/all")},
		{"home-planned", home, full, at("/")}, // what is left of those set above
		{"category-planned", "GET /categories/{id}", full, at("/categories/2")},
		{"month-planned", "GET /months/{month}", full, at("/months/" + time.Now().Format("2006-01"))},
	}
}

// setBudget sets or changes a budget on its own page, and awaits the list of all.
func (b *tab) setBudget(path, amount string) {
	b.t.Helper()
	b.open(path)
	b.retype("amount", amount)
	b.do(chromedp.Click(chromedp.CSS("button.main")))
	b.await("the budgets", `location.pathname === "/budgets" && document.querySelector("[role=status]")`)
}

// A person plans a month, spends, sees it pass the plan, and ends the plan.
func TestABudgetIsPlannedAndWatched(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, programtest.NewSQLite(t))
		programtest.Visit(t, p.URL).Add("coffee", "3.20")
		user := open(p.URL)
		user.open("/more")
		user.do(chromedp.Click(chromedp.CSS(`main a[href="/budgets"]`)))
		user.await("no budgets", `document.querySelector("main a[href='/budgets/new']")`)
		user.do(chromedp.Click(chromedp.CSS(`main a[href="/budgets/new"]`)))
		user.await("the form", `document.querySelector("#category")`)
		user.do(chromedp.SetValue(chromedp.CSS("#category"), "1"), chromedp.SendKeys(chromedp.CSS("#amount"), "30"),
			chromedp.Click(chromedp.CSS("button.main")))
		user.await("what is left", `document.querySelector("#budget-left")?.value === "26.80"`)
		programtest.Visit(t, p.URL).Add("coffee", "40.00")
		user.open("/budgets")
		check.Equal(t, "left", evaluate[string](user, `document.querySelector("#budget-left").value`), "-13.20")
		check.Contains(t, "the row", evaluate[string](user, `document.querySelector(".spent li").textContent`), "coffee", "$43.20", "$13.20 over")
		user.do(chromedp.Click(chromedp.CSS(`.spent a`)))
		user.await("the budget", `document.querySelector("form[action$='/end'] button")`)
		user.do(chromedp.Click(chromedp.CSS(`form[action$="/end"] button`)))
		user.await("no budgets", `location.pathname === "/budgets" && !document.querySelector("#budget-left")`)
	})
}
