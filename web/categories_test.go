package web_test

import (
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
)

func siteWithCategories(t *testing.T) *site {
	t.Helper()
	s := newSite(t, web.Options{})
	s.add(expense.Draft{Category: "food", Price: "2"})
	s.add(expense.Draft{Category: "eating", Price: "3"})
	s.add(expense.Draft{Category: "food", Price: "4", Currency: "EUR"})
	return s
}

func TestCategoriesAreListedWithTheirTotals(t *testing.T) {
	s := siteWithCategories(t)
	s.get("/categories").want(t, 200, `href="/categories/1">food</a>`, "<b>$2.00</b> <small class=\"muted\">1 expense</small>\n<b>€4.00</b>", `href="/categories/2">eating</a>`, "<b>$3.00</b>")
	newSite(t, web.Options{}).get("/categories").want(t, 200, "Categories come into being")
}

func TestACategoryIsRenamed(t *testing.T) {
	s := siteWithCategories(t)
	s.follow(s.post("/categories/1/rename", "revision", "1", "category", " Food  out ")).want(t, 200, "Renamed to Food out.", ">Food out</a>")
	s.get("/").want(t, 200, "Food out", "!>food<")
	s.post("/categories/1/rename", "revision", "2", "category", "  ").want(t, 422, `id="category-error"`, "Enter a category", `value="  "`)
	s.post("/categories/1/rename", "revision", "2", "category", "EATING").want(t, 409, `id="category-error"`, `value="EATING"`)
	s.post("/categories/9/rename", "revision", "1", "category", "x").want(t, 404)
	s.store.takeAway()
	s.post("/categories/1/rename", "revision", "2", "category", "typed").want(t, 503, `value="typed"`, "not available", `action="/categories/1/rename"`, `name="revision" value="2"`, "may or may not be stored")
	s.get("/categories").want(t, 503)
	s.get("/categories/1").want(t, 503)
}

func TestACategoryIsMerged(t *testing.T) {
	s := siteWithCategories(t)
	s.get("/categories/1").want(t, 200, `<option value="2">eating</option>`, `!<option value="1"`)
	s.post("/categories/1/merge").want(t, 422, `id="into-error"`, "Choose a category")
	s.post("/categories/1/merge", "revision", "1", "into", "1").want(t, 422, `id="into-error"`, "Choose another category")
	s.post("/categories/1/merge", "revision", "1", "into", "99").want(t, 404)
	s.follow(s.post("/categories/1/merge", "revision", "1", "into", "2")).want(t, 200, "Merged into eating.", "<b>$5.00</b>", "!>food<")
	s.get("/").want(t, 200, `<data id="total" value="5.00">`, "!food")
	s.get("/categories/1").want(t, 404)
}

func TestAStaleChangeOfACategoryIsRefused(t *testing.T) {
	s := siteWithCategories(t)
	s.post("/categories/1/rename", "category", "late").want(t, 422, "which revision")
	s.post("/categories/1/rename", "revision", "1", "category", "theirs").want(t, 303)
	s.follow(s.post("/categories/1/rename", "revision", "1", "category", "theirs")).want(t, 200, "Renamed to theirs.") // sent again
	s.post("/categories/1/rename", "revision", "1", "category", "late").
		want(t, 409, "changed since", `value="late"`, `name="revision" value="2-`, "<h1>theirs</h1>")
	s.post("/categories/1/merge", "revision", "1", "into", "2").want(t, 409, "changed since", `<option value="2" selected>`)
	s.post("/categories/1/merge", "revision", "2", "into", "2").want(t, 303)
	s.follow(s.post("/categories/1/merge", "revision", "2", "into", "2")).want(t, 200, "Merged into eating.", "<b>$5.00</b>") // sent again
}

func TestManyCategoriesTakeSeveralPages(t *testing.T) {
	s := newSite(t, web.Options{})
	for i := range 250 {
		s.add(expense.Draft{Category: fmt.Sprintf("c%03d &x", i), Price: "1"})
	}
	first := s.get("/categories")
	first.want(t, 200, "c000", "c199", "!c200", `href="/categories?after=c199&#43;%26x"`)
	s.get("/categories?after=c199+%26x").want(t, 200, "c200", "c249", "!c199", "First page")
	if page := s.get("/categories/1").body; strings.Count(page, "<option") != 200 { // 199 others of the first 200, and none chosen
		t.Errorf("%d categories to merge into", strings.Count(page, "<option")-1)
	}
	// One that is not offered can be named.
	s.get("/categories/1").want(t, 200, `name="into_name" value=""`)
	s.post("/categories/1/merge", "revision", "1", "into", "", "into_name", "c249").want(t, 422, `id="into-error"`, "There is no category of this name", `name="into_name" value="c249"`)
	s.follow(s.post("/categories/1/merge", "revision", "1", "into", "", "into_name", " C249  &x")).want(t, 200, "Merged into c249 &amp;x.")
	s.get("/categories/250").want(t, 200, "$2.00", `<option value="2">`)
}

func TestChartsAreOfFewCurrencies(t *testing.T) {
	s := newSite(t, web.Options{})
	for _, code := range []string{"AUD", "BRL", "CAD", "CHF", "EUR", "GBP", "INR", "JPY", "KWD", "NOK"} {
		s.add(expense.Draft{Category: "food", Price: "1", Currency: code})
	}
	s.add(expense.Draft{Category: "food", Price: "2", Currency: "NOK"})
	home := s.get("/")
	home.want(t, 200, `id="total-KWD"`, "<h3>NOK</h3>", "NOK: the most in a month", "!<h3>KWD</h3>")
	if charts := strings.Count(home.body, `<figure class="trend">`); charts != 6 {
		t.Errorf("%d charts, want 6", charts)
	}
}
