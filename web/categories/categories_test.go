package categories_test

import (
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func siteWithCategories(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "2"})
	s.Add(expense.Draft{Category: "eating", Price: "3"})
	s.Add(expense.Draft{Category: "food", Price: "4", Currency: "EUR"})
	return s
}

func TestCategoriesAreListedWithTheirTotals(t *testing.T) {
	s := siteWithCategories(t)
	s.Get("/categories").Want(t, 200, `href="/categories/1" dir="auto">food</a>`,
		"<b>$2.00</b> <small class=\"muted\">1 expense</small>\n<b>€4.00</b>",
		`href="/categories/2" dir="auto">eating</a>`, "<b>$3.00</b>")
	webtest.New(t, web.Options{}).Get("/categories").Want(t, 200, "Categories come into being")
}

func TestACategoryIsRenamed(t *testing.T) {
	s := siteWithCategories(t)
	s.Follow(s.Post("/categories/1/rename", "revision", "1", "category", " Food  out ")).Want(t, 200, "Renamed to Food out.", ">Food out</h1>")
	s.Get("/").Want(t, 200, "Food out", "!>food<")
	s.Post("/categories/1/rename", "revision", "2", "category", "  ").Want(t, 422, `id="category-error"`, "Enter a category", `value="  "`)
	s.Post("/categories/1/rename", "revision", "2", "category", "EATING").Want(t, 409, `id="category-error"`, `value="EATING"`)
	s.Post("/categories/9/rename", "revision", "1", "category", "x").Want(t, 404)
	s.Store.TakeAway()
	s.Post("/categories/1/rename", "revision", "2", "category", "typed").Want(t, 503,
		`value="typed"`, "not available", `action="/categories/1/rename"`, `name="revision" value="2"`, "may or may not be stored")
	s.Get("/categories").Want(t, 503)
	s.Get("/categories/1").Want(t, 503)
}

func TestACategoryIsMerged(t *testing.T) {
	s := siteWithCategories(t)
	s.Get("/categories/1").Want(t, 200, `<option value="2" dir="auto">eating</option>`, `!<option value="1"`)
	s.Post("/categories/1/merge").Want(t, 422, "which revision")
	s.Post("/categories/1/merge", "revision", "1").Want(t, 422, `id="into-error"`, "Choose a category")
	s.Post("/categories/1/merge", "revision", "1", "into", "1").Want(t, 422, `id="into-error"`, "Choose another category")
	s.Post("/categories/1/merge", "revision", "1", "into", "99").Want(t, 404)
	s.Follow(s.Post("/categories/1/merge", "revision", "1", "into", "2")).Want(t, 200, "Merged food into eating.", "2 expenses",
		`value="5.00"`)
	s.Get("/").Want(t, 200, `<data id="total" value="5.00">`, "!food")
	s.Get("/categories/1").Want(t, 404)
}

func TestAStaleChangeOfACategoryIsRefused(t *testing.T) {
	s := siteWithCategories(t)
	s.Post("/categories/1/rename", "category", "late").Want(t, 422, "which revision")
	s.Post("/categories/1/rename", "revision", "1", "category", "theirs").Want(t, 303)
	s.Follow(s.Post("/categories/1/rename", "revision", "1", "category", "theirs")).Want(t, 200, "Renamed to theirs.") // sent again
	s.Post("/categories/1/rename", "revision", "1", "category", "late").
		Want(t, 409, "changed since", `value="late"`, `name="revision" value="2-`, `<h1 dir="auto">theirs</h1>`)
	s.Post("/categories/1/merge", "revision", "1", "into", "2").Want(t, 409, "changed since", `<option value="2" dir="auto" selected>`)
	s.Post("/categories/1/merge", "revision", "2", "into", "2").Want(t, 303)
	s.Follow(s.Post("/categories/1/merge", "revision", "2", "into", "2")).Want(t, 200, "Merged theirs into eating.",
		`value="5.00"`) // sent again
}

func TestManyCategoriesTakeSeveralPages(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for i := range 250 {
		s.Add(expense.Draft{Category: fmt.Sprintf("c%03d &x", i), Price: "1"})
	}
	first := s.Get("/categories")
	first.Want(t, 200, "c000", "c199", "!c200", `href="/categories?after=c199&#43;%26x"`)
	s.Get("/categories?after=c199+%26x").Want(t, 200, "c200", "c249", "!c199", "First page")
	if page := s.Get("/categories/1").Body; strings.Count(page, "<option") != 200 { // 199 others of the first 200, and none chosen
		t.Errorf("%d categories to merge into", strings.Count(page, "<option")-1)
	}
	// One that is not offered can be named.
	s.Get("/categories/1").Want(t, 200, `name="into_name" value=""`)
	s.Post("/categories/1/merge", "revision", "1", "into", "", "into_name", "c249").Want(t, 422,
		`id="into-error"`, "There is no category of this name", `name="into_name" value="c249"`)
	s.Follow(s.Post("/categories/1/merge", "revision", "1", "into", "", "into_name", " C249  &x")).Want(t, 200,
		"Merged c000 &amp;x into c249 &amp;x.")
	s.Get("/categories/250").Want(t, 200, "$2.00", `<option value="2" dir="auto">`)
}

// Two categories may be more than a total holds together, though refunds of a third keep the total of all small.
func TestAMergeThatIsTooMuchIsRefusedAtItsField(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for _, of := range []struct {
		category string
		n        int
	}{{"yacht", 4_700}, {"sold", 200}, {"boat", 4_700}} {
		for range of.n {
			s.Add(expense.Draft{Category: of.category, Price: "9999999999999.99", Refund: of.category == "sold"})
		}
	}
	s.Post("/categories/1/merge", "revision", "1", "into", "3").Want(t, 422, `id="into-error"`, "Together the two would have a larger total",
		"!with this price")
	s.Get("/categories/3").Want(t, 200, ">boat</h1>", "$46,999,999,999,999,953.00")
	s.Get("/categories/1").Want(t, 200, ">yacht</h1>", "$46,999,999,999,999,953")
}
