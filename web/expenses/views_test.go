package expenses

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
	a := New(nil, nil, tools, nil)
	around := page.Layout{
		Links: page.Links{Style: "/s"}, Version: "v1", Demo: true, Title: "Title", Section: "home",
		Notice: &notice.Notice{Text: "Done", Undo: "/undo", Revision: "2", Detail: "d", Far: "/f", Edit: "/e", Repeat: "/r", Tile: &row.Tile{}},
		Places: page.Places{Month: "/months", Search: "/search"},
	}
	wrong := &problem.Problem{
		Title: "Wrong", Text: "Because", RequestID: "r-1",
		Fields: []problem.Field{{Name: "price", Label: "Price", Message: "No"}, {Name: "revision", Message: "None"}},
	}
	field := form.Field{Value: "v", Error: "e", Focus: true}
	fields := formView{Category: field, Price: field, Currency: field, Date: field, Note: field, Payee: field, Tags: field,
		Refund: true, More: true,
		DateType: "date", Suggestions: []string{"food"}}
	days := []row.Day{{Date: "2026-11-23", Text: "Today", Total: "$1", Rows: []row.View{
		{ID: 1, Link: "/e", Label: "l", Tile: row.Tile{Colour: "leaf", Mark: "F"}, Title: "food", Text: "n", Tags: "#t", Refund: true,
			Price: "$1", Lit: true},
		{ID: 2, Link: "/e", Title: "food", Price: "$1", When: "Mon", Refund: true}}}}
	totals := []total.View{{Decimal: "1", Text: "$1", Count: "1"}, {Currency: "EUR", Decimal: "1", Text: "€1", Count: "1"}}
	spent := chart.Spent{Currency: "USD", Shares: []chart.Share{
		{Category: "food", Link: "/c", Amount: "$1", Percent: "9%", Width: 9, Left: "l", Mark: 9, Over: true}, {Category: "rest"}}}
	trend := chart.Trend{Currency: "USD", Highest: "$1", Bars: []chart.Bar{
		{Short: "Nov", Month: "November", Amount: "$1", Current: true, Link: "/m"}, {}}}
	stored := &storedView{Category: "food", Price: "$1", Date: "today", Note: "n", Payee: "p", Tags: "#t"}

	glance := glanceView{Month: "November", Day: "day 1", Totals: totals, Planned: &planned.Line{Text: "l", Over: true},
		Pace: &paceView{words.Starred{Before: "a", Strong: "b", After: "c"}, true}, Chart: &chart.Pace{
			Before: "0,0", BeforeName: "October", Figures: []string{"$1"}, Days: []chart.Tick{{X: "1", Anchor: "end", Text: "1", Strong: true}}}}
	entry := entryView{formView: fields, Sign: "$", Choices: []choiceView{{Name: "food", Chosen: true}}, Folded: "f", Open: true}
	home := homeView{Layout: around, Key: "k", Form: entry, Filled: true, Problem: wrong, Happened: around.Notice, Glance: glance,
		AllTime: totals, Days: days, Older: "/o",
		Soon:  []soonView{{Link: "/r", Label: "l", Name: "Rent", When: "Tue 1 Dec", Price: "$1", Refund: true}, {}},
		Spent: []chart.Spent{spent, spent}, Trends: []chart.Trend{trend, trend}}
	offline := home
	offline.Offline = true
	edit := editView{Layout: around, What: "food", Path: "/p", Query: "?q", Back: "/b", Revision: "1",
		Form: fields, Problem: wrong, Stored: stored, Key: "k"}
	edit.Again = "/add?again=1"
	changes := []changeView{{"Price", "", "$1"}, {"Note", "n", ""}}
	edit.History = &historyView{Steps: []stepView{{What: "Changed", When: "today", Changes: changes}, {}},
		Newest: "/n", Older: "/o"}
	clash := edit
	clash.Clash = &clashView{Hidden: []hiddenField{{"price", "1"}}, Fields: []versusView{{"price", "Price", "$1", "$2"}, {Name: "note"}},
		Together: []saidView{{"Date", "today"}}}
	unknown := edit
	unknown.History = &historyView{}
	deleted := edit
	deleted.Deleted = true
	for name, render := range map[string]func() ([]byte, error){
		"home":          func() ([]byte, error) { return a.home.Render(home) },
		"home, offline": func() ([]byte, error) { return a.home.Render(offline) },
		"home, empty":   func() ([]byte, error) { return a.home.Render(homeView{}) },
		"expenses": func() ([]byte, error) {
			return a.list.Render(listView{Layout: around, Days: days, Newer: "/n", Older: "/o", Several: "/s"})
		},
		"expenses, empty": func() ([]byte, error) { return a.list.Render(listView{}) },
		"edit":            func() ([]byte, error) { return a.edit.Render(edit) },
		"edit, clash":     func() ([]byte, error) { return a.edit.Render(clash) },
		"edit, unknown":   func() ([]byte, error) { return a.edit.Render(unknown) },
		"edit, deleted":   func() ([]byte, error) { return a.edit.Render(deleted) },
	} {
		content, err := render()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !strings.HasSuffix(string(content), "</html>\n") {
			t.Errorf("%s has no end", name)
		}
	}
}
