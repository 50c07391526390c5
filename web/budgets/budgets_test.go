package budgets_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// furnished is a site with expenses and budgets: one that is over, one that is close, one with much left, and one for everything.
func furnished(s *webtest.Site) *webtest.Site {
	webtest.Furnish(s) // the groceries come to 64.20, the coffee to 3.80, the rent to 1200.00
	for _, fields := range [][]string{
		{"category", "all", "amount", "1500"},
		{"category", "1", "amount", "50", "from", "2026-10", "carry", "yes"},
		{"category", "2", "amount", "4"},
	} {
		s.Follow(s.Post("/budgets", fields...))
	}
	return s
}

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.Golden(t, "budgets", func(s *webtest.Site) webtest.Answer { return furnished(s).Get("/budgets") })
	webtest.Golden(t, "budgets_none", func(s *webtest.Site) webtest.Answer { return s.Get("/budgets") })
	webtest.Golden(t, "budget", func(s *webtest.Site) webtest.Answer { return furnished(s).Get("/budgets/1") })
	webtest.Golden(t, "budget_new", func(s *webtest.Site) webtest.Answer { return furnished(s).Get("/budgets/new") })
}

func TestABudgetIsSetChangedAndEnded(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "30"})
	s.Get("/budgets").Want(t, 200, "Nothing planned yet")
	s.Follow(s.Post("/budgets", "category", "1", "amount", "120", "carry", "yes")).Want(t, 200, "Budget saved: food.", "<b>$30.00</b> of $120",
		"$90.00 left, $12.85 a day", `<data id="budget-left" value="90.00"`, "!Worth a look")
	s.Get("/budgets/1").Want(t, 200, `value="120.00"`, "checked", `name="revision" value="1-`)
	s.Follow(s.Post("/budgets/1", "revision", "1", "amount", "20")).Want(t, 200, "Worth a look", "7 days to go, $10.00 over")
	s.Follow(s.Post("/budgets/1/end", "revision", "2")).Want(t, 200, "Budget ended: food.", "Nothing planned yet")
	s.Follow(s.Post("/budgets/1/end", "revision", "2")).Want(t, 200, "Budget ended: food.") // sent again
}

// A new budget says at each field what is wrong with it, also where it is not said what it is for.
func TestEachWrongFieldOfANewBudgetIsNamed(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for _, fields := range [][]string{{"category", ""}, {"named", strings.Repeat("x", 500)}} {
		s.Post("/budgets", append(fields, "amount", "none", "currency", "EURO", "from", "2026-77")...).Want(t, 422,
			`id="category-error"`, `id="amount-error"`, `id="currency-error"`, `id="from-error"`, `aria-describedby="category-error" autofocus`)
	}
}

// What no budget is for leads to just its expenses.
func TestWhatHasNoBudgetIsOneTapAway(t *testing.T) {
	s := furnished(webtest.New(t, web.Options{}))
	s.Add(expense.Draft{Category: "tea", Price: "2"})
	s.Add(expense.Draft{Category: "tea", Price: "1", Currency: "EUR"})
	link := regexp.MustCompile(`<h2 id="without-title"><a href="([^"]*)">`).FindStringSubmatch(s.Get("/budgets").Body)
	if link == nil {
		t.Fatal("no link")
	}
	s.Get(strings.ReplaceAll(link[1], "&amp;", "&")).Want(t, 200, `<data id="result-total" value="1202.00">`, `id="result-count" value="2"`)
	for n := range 12 {
		s.Add(expense.Draft{Category: fmt.Sprint("small", n), Price: "1"})
	}
	s.Get("/budgets").Want(t, 200, `<h2 id="without-title"><a href="/months/2026-11">`) // not all of them are known
}

func TestAWrongBudgetIsRefusedAtItsField(t *testing.T) {
	s := furnished(webtest.New(t, web.Options{}))
	for _, amount := range []string{"", "0", "-1", "18446744073709551616", "much"} {
		s.Post("/budgets", "category", "3", "amount", amount, "from", "2026-12").
			Want(t, 422, `id="amount-error"`, `value="`+amount+`"`, `<option value="3" dir="auto" selected>`, `value="2026-12"`)
		s.Post("/budgets/1", "revision", "1", "amount", amount).Want(t, 422, `id="amount-error"`, `value="`+amount+`"`)
	}
	s.Post("/budgets", "amount", "5").Want(t, 422, `id="category-error"`, "Choose what the budget is for")
	s.Post("/budgets", "category", "3", "amount", "5", "from", "2026-13").Want(t, 422, `id="from-error"`, `type="text" value="2026-13"`)
	s.Post("/budgets/1/end", "revision", "1", "end_from", "2026-13").Want(t, 422, `id="end_from-error"`,
		`name="end_from" type="text" value="2026-13"`)
	s.Post("/budgets", "category", "99", "amount", "5").Want(t, 404)
	s.Get("/budgets/99").Want(t, 404)
	s.Get("/budgets/x").Want(t, 404)
	s.Post("/budgets/99/end", "revision", "1").Want(t, 404)
}

func TestAStaleBudgetIsRefused(t *testing.T) {
	s := furnished(webtest.New(t, web.Options{}))
	s.Post("/budgets", "category", "1", "amount", "77").Want(t, 409, `id="category-error"`, "already a budget", `value="77"`)
	s.Post("/budgets/1", "revision", "1", "amount", "60").Want(t, 303)
	s.Post("/budgets/1", "revision", "1", "amount", "60").Want(t, 303) // sent again
	s.Post("/budgets/1", "revision", "1", "amount", "70").Want(t, 409, "changed since", `value="70"`, `name="revision" value="2-`)
	s.Post("/budgets/1/end", "revision", "1").Want(t, 409, "changed since")
}

func TestLastMonthsBudgetsGoOn(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Follow(s.Post("/budgets", "category", "all", "amount", "100", "from", "2026-10"))
	s.Follow(s.Post("/budgets/all/end", "revision", "1")).Want(t, 200, "Copy those of October")
	s.Follow(s.Post("/budgets/copy")).Want(t, 200, "1 budget goes on.", "of $100", "!Copy those")
	s.Follow(s.Post("/budgets/copy")).Want(t, 200, "of $100")
}

// A budget from a later month on is there to be found, and is not offered once more.
func TestABudgetThatDoesNotCountYetIsListed(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "30"})
	s.Get("/budgets/new").Want(t, 200, `<option value="1" dir="auto">food</option>`)
	s.Follow(s.Post("/budgets", "category", "1", "amount", "5", "from", "2027-03")).Want(t, 200, "!Nothing planned yet",
		`<a href="/budgets/1" dir="auto">food</a>`, "From March 2027 on: $5.00 a month", "!Left of what")
	s.Get("/budgets/new").Want(t, 200, `!<option value="1" dir="auto">food</option>`)
	s.Follow(s.Post("/budgets", "category", "all", "amount", "50")).Want(t, 200, "From March 2027 on: $5.00 a month", "Left for everything")
	s.Now = s.Now.AddDate(0, 4, 0)
	s.Get("/budgets").Want(t, 200, "of $5", "!From March 2027 on")
}

// What was spent of a budget leads to the expenses that make it: those of its month, in its currency.
func TestABudgetLeadsToItsExpenses(t *testing.T) {
	s := furnished(webtest.New(t, web.Options{}))
	for path, want := range map[string][3]string{
		"/budgets/1":   {"/search?category=1&from=2026-11-01&to=2026-11-30&currency=USD", "64.20", "64.20"},
		"/budgets/2":   {"/search?category=2&from=2026-11-01&to=2026-11-30&currency=USD", "3.80", "3.80"},
		"/budgets/all": {"/search?from=2026-11-01&to=2026-11-30&currency=USD", "1268.00", "1,268.00"},
	} {
		s.Get(path).Want(t, 200, `<a href="`+strings.ReplaceAll(want[0], "&", "&amp;")+`">All expenses</a>`, "<b>$"+want[2]+"</b> of")
		s.Get(want[0]).Want(t, 200, `<data id="result-total" value="`+want[1]+`"`, "!result-total-EUR")
	}
	s.Get("/budgets/3").Want(t, 200, "!All expenses")
}

func TestAStorageThatIsAwayLeavesWhatWasTyped(t *testing.T) {
	s := furnished(webtest.New(t, web.Options{}))
	s.Store.TakeAway()
	s.Get("/budgets").Want(t, 503)
	s.Post("/budgets", "category", "3", "amount", "5").Want(t, 503, `value="5"`, "may or may not be stored",
		`<option value="3" dir="auto" selected>`)
	s.Post("/budgets/1", "revision", "1", "amount", "6").Want(t, 503, `value="6"`, `name="revision" value="1"`)
	s.Post("/budgets/1/end", "revision", "1").Want(t, 503, `name="revision" value="1"`)
}
