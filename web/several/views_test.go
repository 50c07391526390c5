package several

import (
	"strings"
	"testing"

	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// The template is rendered with every part of its view filled, and with none: a field that the view does not have is found here.
func TestEveryTemplateFitsItsView(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	tools := area.NewTools(area.Site{Words: book})
	a := New(nil, tools)
	field := form.Field{Value: "v", Error: "e", Focus: true}
	full := view{
		Layout: page.Layout{Title: "Title"}, Query: "?q=x", Back: "/search", Kept: []string{"1.1"}, All: "/all", Newer: "/n", Older: "/o",
		Rows: []rowView{
			{Picked: true, View: row.View{
				ID: 1, Label: "l", Tile: row.Tile{Colour: "leaf", Mark: "F"}, Title: "food", Text: "n", Tags: "#t", Refund: true,
			}},
			{},
		},
		Category: field, Date: field, Tags: field, Untag: field, Open: true, DateType: "text", Suggestions: []string{"food"},
		Problem: &problem.Problem{Title: "Wrong"},
	}
	deleted := full
	deleted.Deleted = true
	for name, v := range map[string]view{"full": full, "deleted": deleted, "empty": {}} {
		content, err := a.page.Render(v)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !strings.HasSuffix(string(content), "</html>\n") {
			t.Errorf("%s has no end", name)
		}
	}
}
