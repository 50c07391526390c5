package problem

import (
	"strings"
	"testing"

	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

// The template is rendered with every part of its view filled: a field that the view does not have is found here.
func TestTheTemplateFitsItsView(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	frame := page.NewFrame(book, page.About{Version: "v1", Demo: true}, Parts())
	desk := NewDesk(book, frame, nil, nil)
	p := Problem{Status: 409, Title: "Wrong", Text: "Because", RequestID: "r-1", Fields: []Field{{Name: "price", Message: "No"}}}
	content, err := desk.Page(p, &Again{Path: "/p", Fields: []Typed{{"price", "1"}}, Shown: []string{"1"}, Button: "b"})
	if err != nil || !strings.HasSuffix(string(content), "</html>\n") || !strings.Contains(string(content), `name="price" value="1"`) {
		t.Errorf("%v: %s", err, content)
	}
}
