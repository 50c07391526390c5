package categories

import (
	"strings"
	"testing"

	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/planned"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// Every template is rendered with every part of its view filled, and with none: a field that a view does not have is found here.
func TestEveryTemplateFitsItsView(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	tools := area.NewTools(area.Site{Words: book})
	a := New(nil, tools)
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
	tile := row.Tile{Colour: "leaf", Mark: "f"}
	summary := summaryView{Name: "food", Link: "/c", Tile: tile, Totals: totals}
	bars := &chart.Bars{
		Columns: []chart.ColumnView{{Name: "November", Amount: "$1", Link: "/s", Hollow: true, Notched: true}}, Lines: []chart.Line{{Y: "1",
			Text: "$1"}},
		Average: &chart.Line{Y: "2", Text: "$2"}, Names: []chart.Tick{{X: "1", Text: "Nov", Strong: true}}, Below: true,
	}
	shown := row.View{ID: 1, Link: "/e", Title: "Cafe", Text: "n", Tags: "#t", Refund: true, Price: "$1", When: "Today"}
	spending := spendingView{
		Month: "November", Day: "day 1", Now: totals, Planned: &planned.Line{Text: "l", Over: true, Address: "/b"},
		Bars: bars, Average: "a", Legend: "l", AllTime: &total.Line{Count: "1",
			Sums: []string{"$1"}}, All: "/all", Newer: "/n", Older: "/o",
		Months: []monthView{{Name: "November", Sums: total.Line{Count: "1", Sums: []string{"$1"}}, Link: "/m", Rows: []row.View{shown}}},
		First:  true,
	}
	manage := manageView{
		Link: "/c", Name: "food", Open: true, Revision: "1", Rename: field, Colours: []colourView{{Value: "leaf", Name: "Leaf", Chosen: true}},
		Colour: field, Icon: field, Into: field, Targets: []targetView{{ID: "2", Name: "n", Chosen: true}}, More: true, IntoName: "n",
		Unused: true,
	}
	category := categoryView{Layout: around, Name: "food", Tile: tile, Archived: true, Spending: &spending, Manage: manage, Problem: wrong}
	archived, unused, alone := category, category, category
	archived.Manage.Archived = true
	unused.Spending = &spendingView{First: true}
	alone.Spending, alone.Manage.Form = nil, "icon"
	for name, render := range map[string]func() ([]byte, error){
		"categories": func() ([]byte, error) {
			return a.list.Render(listView{Layout: around, Categories: []summaryView{summary}, Archived: []summaryView{summary}, Next: "/n",
				First: "/f"})
		},
		"categories, none":   func() ([]byte, error) { return a.list.Render(listView{}) },
		"category":           func() ([]byte, error) { return a.category.Render(category) },
		"category, archived": func() ([]byte, error) { return a.category.Render(archived) },
		"category, unused":   func() ([]byte, error) { return a.category.Render(unused) },
		"category, alone":    func() ([]byte, error) { return a.category.Render(alone) },
		"category, empty":    func() ([]byte, error) { return a.category.Render(categoryView{}) },
	} {
		content, err := render()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !strings.HasSuffix(string(content), "</html>\n") {
			t.Errorf("%s has no end", name)
		}
	}
}
