package categories

import (
	"strings"
	"testing"

	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// Every template is rendered with every part of its view filled, and with none: a field that a view does not have is found here.
func TestEveryTemplateFitsItsView(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	tools, err := area.NewTools(area.Site{Words: book})
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(nil, tools)
	if err != nil {
		t.Fatal(err)
	}
	around := page.Layout{
		Links: page.Links{Style: "/s"}, Version: "v1", Demo: true, Title: "Title", Section: "home",
		Notice: &notice.Notice{Text: "Done", Undo: "/undo", Revision: "2"},
	}
	wrong := &problem.Problem{
		Title: "Wrong", Text: "Because", RequestID: "r-1",
		Fields: []problem.Field{{Name: "price", Label: "Price", Message: "No"}, {Name: "revision", Message: "None"}},
	}
	field := form.Field{Value: "v", Error: "e", Focus: true}
	totals := []total.View{{Decimal: "1", Text: "$1", Count: "1"}, {Currency: "EUR", Decimal: "1", Text: "€1", Count: "1"}}
	summary := summaryView{Name: "food", Link: "/c", Totals: totals}
	category := categoryView{Layout: around, summaryView: summary, Rename: field, Into: field,
		Targets: []targetView{{ID: "2", Name: "n", Chosen: true}}, More: true, Problem: wrong}
	for name, render := range map[string]func() ([]byte, error){
		"categories": func() ([]byte, error) {
			return a.list.Render(listView{Layout: around, Categories: []summaryView{summary}, Next: "/n", First: "/f"})
		},
		"categories, none": func() ([]byte, error) { return a.list.Render(listView{}) },
		"category":         func() ([]byte, error) { return a.category.Render(category) },
		"category, empty":  func() ([]byte, error) { return a.category.Render(categoryView{}) },
	} {
		content, err := render()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !strings.HasSuffix(string(content), "</html>\n") {
			t.Errorf("%s has no end", name)
		}
	}
}
