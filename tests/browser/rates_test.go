package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// A person enters what a euro is worth, and sees what all of it makes: at which rate, of which day, and that it is rounded.
func TestARateMakesTheWhole(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, programtest.NewSQLite(t))
		visitor := programtest.Visit(t, p.URL)
		visitor.Add("Coffee", "10.00")
		visitor.Submit("/add", programtest.Form("category", "Hotel", "price", "33.33", "currency", "EUR"))
		user := open(p.URL)
		user.resize(390)
		user.open("/")
		check.Equal(t, "without a rate", user.textOf(".altogether"), "")
		user.press(`nav.bar a[href="/more"]`)
		user.press(`main a[href="/rates"]`)
		user.await("the currencies", `document.querySelector(".rates .list")`)
		check.Contains(t, "the euro", user.textOf(".rates .list"), "EUR", "no rate yet")
		user.press(".rates .list a")
		user.await("the form for euros", `document.querySelector("#currency")?.value === "EUR" && document.activeElement.id === "rate"`)
		user.retype("rate", "1.0837")
		user.set("date", day(0))
		user.press(`form[action="/rates"] button`)
		user.happened("1.0837")
		check.Contains(t, "the euro", user.textOf(".rates .list"), "1.0837")

		const makes = "46.12" // 10.00 + 33.33 × 1.0837 = 46.119721
		for _, path := range []string{"/", "/months", "/rates"} {
			user.open(path)
			check.Contains(t, path, user.textOf(".altogether"), "≈ $"+makes+" altogether", "1 EUR = 1.0837 USD", "rounded")
			check.Equal(t, path, evaluate[string](user, `document.querySelector(".altogether data").value`), makes)
		}
		user.open("/")
		check.Equal(t, "the total in dollars", evaluate[string](user, `document.querySelector("#month-total").value`), "10.00")
		check.Equal(t, "the total in euros", evaluate[string](user, `document.querySelector("#month-total-EUR").value`), "33.33")

		user.open("/rates")
		user.retype("currency", "EUR")
		user.retype("rate", "0")
		user.do(chromedp.Click(chromedp.CSS(`form[action="/rates"] button`)))
		user.await("the refusal", `document.querySelector("#rate-error")`)
		check.Equal(t, "the rate as typed", user.valueOf("rate"), "0")
	})
}
