package rates

import (
	"strings"
	"testing"

	"expense-tracker/web/internal/altogether"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// Each template is rendered with every part of its view filled: a field that the view does not have is found here.
func TestEveryTemplateFitsItsView(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	tools := area.NewTools(area.Site{Words: book})
	a := New(nil, tools)
	around, field := page.Layout{Title: "Title"}, form.Field{Value: "v", Error: "e", Focus: true}
	wrong := &problem.Problem{Title: "Wrong", Fields: []problem.Field{{Name: "rate", Label: "Rate", Message: "No"}}}
	list := listView{
		Layout: around, Home: "USD", Form: formView{Currency: field, Rate: field, Date: field, Codes: []string{"EUR"}}, Problem: wrong,
		Sums: []sumView{{Name: "n", Amounts: []amountView{{"USD", "1", "$1"}}, Line: &altogether.Line{Text: "t", Rates: []string{"r"}},
			Without: "w"}},
		Currencies: []currencyView{{Code: "EUR", Rate: "r", Since: "s", Link: "/l"}, {Code: "GBP"}},
		Rates:      []rowView{{Day: "d", Text: "t", Link: "/l"}}, Next: "/n", First: "/f",
	}
	offline := list
	offline.Offline = true
	for name, render := range map[string]func() ([]byte, error){
		"list":    func() ([]byte, error) { return a.list.Render(list) },
		"offline": func() ([]byte, error) { return a.list.Render(offline) },
		"none":    func() ([]byte, error) { return a.list.Render(listView{}) },
		"rate": func() ([]byte, error) {
			return a.rate.Render(rateView{Layout: around, Known: true, Rate: field, Problem: wrong})
		},
		"removed": func() ([]byte, error) { return a.rate.Render(rateView{Layout: around, Known: true, Removed: true}) },
	} {
		if content, err := render(); err != nil || !strings.HasSuffix(string(content), "</html>\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
