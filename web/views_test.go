package web

import (
	"strings"
	"testing"

	"expense-tracker/core/fault"
)

// Every template is rendered with every part of its view filled, and with none: a field that a view does not have is found here.
func TestEveryTemplateFitsItsView(t *testing.T) {
	pages, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	around := layout{Title: "Title", Section: "home", Flash: &flashView{Text: "Done", Undo: "/undo", Revision: "2"}, Links: links{Style: "/s"}, Version: "v1", Demo: true}
	wrong := &problem{Title: "Wrong", Text: "Because", RequestID: "r-1", Fields: []fault.Violation{{Field: "price", Message: "No"}, {Field: "revision", Message: "None"}}}
	field := fieldView{Value: "v", Error: "e", Focus: true}
	form := formView{Category: field, Price: field, Currency: field, Date: field, Note: field, DateType: "date", Suggestions: []string{"food"}}
	days := []dayView{{Date: "2026-11-23", Text: "Today", Rows: []rowView{{ID: 1, Edit: "/e", Category: "food", Note: "n", Price: "$1"}}}}
	totals := []totalView{{Decimal: "1", Text: "$1", Count: "1"}, {Currency: "EUR", Decimal: "1", Text: "€1", Count: "1"}}
	spent := spentView{Currency: "USD", Shares: []shareView{{Category: "food", Link: "/c", Amount: "$1", Percent: "9%", Width: 9}}}
	trend := trendView{Currency: "USD", Highest: "$1", Bars: []barView{{Short: "Nov", Month: "November", Amount: "$1", Current: true}, {}}}
	stored := &storedView{Category: "food", Price: "$1", Date: "today", Note: "n"}
	category := categoryView{Name: "food", Link: "/c", Totals: totals}

	home := homeView{layout: around, Key: "k", Form: form, Problem: wrong, Month: "November", MonthTotal: totals, AllTime: totals, Days: days, Older: "/o",
		Spent: []spentView{spent, spent}, Trends: []trendView{trend, trend}}
	offline := home
	offline.Offline = true
	edit := editView{layout: around, What: "food", Path: "/p", Query: "?q", Back: "/b", Revision: "1", Form: form, Problem: wrong, Stored: stored, Key: "k"}
	deleted := edit
	deleted.Deleted = true
	for name, render := range map[string]func() ([]byte, error){
		"home":          func() ([]byte, error) { return pages.home.render(home) },
		"home, offline": func() ([]byte, error) { return pages.home.render(offline) },
		"home, empty":   func() ([]byte, error) { return pages.home.render(homeView{}) },
		"expenses": func() ([]byte, error) {
			return pages.expenses.render(expensesView{layout: around, Days: days, Newer: "/n", Older: "/o"})
		},
		"expenses, empty": func() ([]byte, error) { return pages.expenses.render(expensesView{}) },
		"edit":            func() ([]byte, error) { return pages.edit.render(edit) },
		"edit, deleted":   func() ([]byte, error) { return pages.edit.render(deleted) },
		"categories": func() ([]byte, error) {
			return pages.categories.render(categoriesView{layout: around, Categories: []categoryView{category}, Next: "/n", First: "/f"})
		},
		"categories, none": func() ([]byte, error) { return pages.categories.render(categoriesView{}) },
		"category": func() ([]byte, error) {
			return pages.category.render(categoryPageView{layout: around, categoryView: category, Rename: field, Into: field,
				Targets: []targetView{{ID: "2", Name: "n", Chosen: true}}, More: true, Problem: wrong})
		},
		"fault": func() ([]byte, error) { return pages.fault.render(faultView{layout: around, Problem: *wrong}) },
	} {
		page, err := render()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !strings.HasSuffix(string(page), "</html>\n") {
			t.Errorf("%s has no end", name)
		}
	}
}

func TestScaleIsExactAtTheLargestSums(t *testing.T) {
	const most = 1<<63 - 1
	for _, tt := range []struct {
		part, whole int64
		size, want  uint64
	}{
		{0, 100, 100, 0}, {-5, 100, 100, 0}, {5, 0, 100, 0}, {1, 3, 100, 33}, {2, 3, 100, 67}, {1, 2, 1, 1}, {100, 100, 90, 90}, {7, 5, 100, 100},
		{most, most, 100, 100}, {most / 2, most, 100, 50}, {most / 4 * 3, most, 100, 75}, {1, most, 100, 0},
	} {
		if got := scale(tt.part, tt.whole, tt.size); got != tt.want {
			t.Errorf("scale(%d, %d, %d) = %d, want %d", tt.part, tt.whole, tt.size, got, tt.want)
		}
	}
}

func TestSentences(t *testing.T) {
	for typed, want := range map[string]string{"": "", "enter a price": "Enter a price.", "über": "Über.", "really?": "Really?", `"X" is wrong`: `"X" is wrong.`} {
		if got := sentence(typed); got != want {
			t.Errorf("sentence(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestCounts(t *testing.T) {
	for n, want := range map[int64]string{0: "0 expenses", 1: "1 expense", 999: "999 expenses", 1000: "1,000 expenses", 1234567: "1,234,567 expenses"} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
}
