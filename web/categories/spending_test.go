package categories_test

import (
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestACategoryShowsItsMonths(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for _, d := range []expense.Draft{
		{Category: "food", Price: "10", Date: "2026-11-02", Payee: "Green Market", Note: "bread"},
		{Category: "food", Price: "5.50", Date: "2026-11-23"},
		{Category: "food", Price: "4", Date: "2026-11-03", Currency: "EUR"},
		{Category: "food", Price: "30", Date: "2026-10-31"},
		{Category: "food", Price: "60.01", Date: "2026-08-01"},
		{Category: "food", Price: "7", Date: "2025-11-30"}, // a year back: in no chart, and the average begins before it
		{Category: "rent", Price: "1000", Date: "2026-11-01"},
	} {
		s.Add(d)
	}
	page := s.Get("/categories/1")
	page.Want(t, 200, `<h1 dir="auto">food</h1>`, "November 2026", "day 23 of 30",
		`<data id="category-total" value="15.50">`, "2 expenses", `<data id="category-total-EUR" value="4.00">€4.00</data>`,
		`href="/search?category=1&amp;from=2026-10-01&amp;to=2026-10-31&amp;currency=USD"`, "October 2026: $30.00", "December 2025: $0.00",
		"average $8.18 a month", "November is not over: its bar is hollow", // 90.01 in eleven months
		`<h3 class="day"><a href="/search?category=1&amp;from=2026-11-01&amp;to=2026-11-30">November 2026</a> `+
			`<span class="sums">3 · <span class="amount">$15.50</span> · <span class="amount">€4.00<`,
		`dir="auto">Green Market</a>`, "bread", `href="/search?category=1">All expenses</a>`, `6 · <span class="amount">$112.51</span>`,
		"!1,000", "!November 2025: $7")
	page.Want(t, 200, `rel="next">Older`, "!Newer")
	s.Get("/categories/1?before=2026-08-01_5").Want(t, 200, "November 2025", "Newer", "!Twelve months", "!category-total")
	s.Get("/categories/1?before=x").Want(t, 404)
	s.Get("/categories/9").Want(t, 404)
}

func TestACategoryOfThisMonthHasNoAverage(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "new", Price: "10"})
	s.Get("/categories/1").Want(t, 200, "November is not over: its bar is hollow.", "!average")
	s.Add(expense.Draft{Category: "abroad", Price: "10", Currency: "JPY"}) // and one without the ledger's own currency
	s.Get("/categories/2").Want(t, 200, `<data id="category-total" value="10">`, "November 2026: ¥10")
}

func TestACategorysExpensesArePaged(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for n := range 12 {
		s.Add(expense.Draft{Category: "food", Price: "1", Date: fmt.Sprintf("2026-11-%02d", n+1)})
		s.Add(expense.Draft{Category: "other", Price: "1", Date: fmt.Sprintf("2026-11-%02d", n+1)})
	}
	seen, address := 0, "/categories/1"
	for address != "" {
		body := s.Get(address).Body
		seen += strings.Count(body, "<li id=")
		address = ""
		if before, _, more := strings.Cut(body, `" rel="next">Older`); more {
			address = strings.ReplaceAll(before[strings.LastIndex(before, `href="`)+6:], "&amp;", "&")
		}
	}
	if seen != 12 {
		t.Errorf("%d expenses on all pages, want 12", seen)
	}
}

// What is left of this month's budget stands beside what was spent, as soon as it changes; not beside older expenses.
func TestACategorySaysWhatIsLeftOfItsBudget(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for n := range 6 {
		s.Add(expense.Draft{Category: "food", Price: "15", Date: fmt.Sprintf("2026-11-%02d", n+1)})
	}
	s.Add(expense.Draft{Category: "snacks", Price: "5"})
	want := func(path string, texts ...string) {
		t.Helper()
		for range 2 { // rendered, and kept
			s.Get(path).Want(t, 200, texts...)
		}
	}
	want("/categories/1", `!class="planned`)
	s.Post("/budgets", "category", "all", "amount", "1000").Want(t, 303)
	s.Post("/budgets", "category", "1", "amount", "300").Want(t, 303)
	want("/categories/1", `<p class="planned"><a href="/budgets/1">$210.00 left of $300</a></p>`)
	want("/categories/2", `!class="planned`)
	want("/categories/1?before=2026-11-02_2", `!class="planned`)
	s.Post("/add", "category", "food", "price", "300").Want(t, 303)
	want("/categories/1", `<p class="planned over"><a href="/budgets/1">$90.00 over $300</a></p>`)
	s.Post("/categories/1/rename", "revision", "1", "category", " ").Want(t, 422, "$90.00 over $300")
	s.Post("/categories/1/merge", "into", "2", "revision", "1").Want(t, 303) // its budget goes on with the one that is left
	want("/categories/2", `<p class="planned over"><a href="/budgets/1">$95.00 over $300</a></p>`)
}
