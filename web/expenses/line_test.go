package expenses_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestALineIsAnExpense(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Get("/").Want(t, 200, `<input id="line" name="line"`)
	s.Add(expense.Draft{Category: "Eating out", Price: "9", Note: "lunch", Date: "2026-11-20"})
	// the form starts with the day and the currency
	added := s.Post("/add", "line", "12.50 lunch with Ana yesterday #work", "price", "", "category", "", "date", "2026-11-23",
		"currency", "USD")
	s.Follow(added).Want(t, 200, "Added Eating out, $12.50")
	s.Get("/expenses/2").Want(t, 200, `value="12.50"`, `value="2026-11-22"`, "\nlunch with Ana</textarea>", `value="#work"`)
}

func TestALineThatIsNotUnderstoodIsKept(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "9"})
	got := s.Post("/add", "line", `food "for" <Ana>`, "date", "2026-11-23", "currency", "USD", "tags", "#a")
	got.Want(t, 422, `value="food &#34;for&#34; &lt;Ana&gt;"`, `id="line-error"`, `<a href="#line">Or in one line</a>: Enter a price`,
		`value="#a"`, `<details class="fold" open>`, `!id="price-error"`)
	s.Post("/add", "line", "5 something new").Want(t, 422, `value="5 something new"`, `id="category-error"`, `!id="line-error"`)
	if n := s.Stored(); n != 1 {
		t.Errorf("%d stored, want 1", n)
	}
}

func TestALineIsReadWhileItIsTyped(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "Eating out", Price: "9", Note: "lunch", Date: "2026-11-20"})
	for line, want := range map[string]string{
		"12.50 lunch with Ana yesterday #work": "$12.50 · Eating out · Sunday, 22 November 2026 · lunch with Ana · #work",
		"5 € eating <out>":                     "€5.00 · eating <out>",
		"1,234 x":                              "USD has at most 2 decimals; if you mean thousands, write 1234. · x",
		"":                                     "",
	} {
		got := s.Get("/quick?line=" + url.QueryEscape(line))
		if got.StatusCode != http.StatusOK || got.Body != want || got.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%q is answered with %d %q, want %q", line, got.StatusCode, got.Body, want)
		}
	}
	s.Get("/quick?line="+strings.Repeat("x", 501)).Want(t, 422, "A line has at most 500 characters")
	s.Get("/quick?line=%ff").Want(t, 422, "not valid text")
	if n := s.Stored(); n != 1 {
		t.Errorf("%d stored, want 1", n)
	}
}
