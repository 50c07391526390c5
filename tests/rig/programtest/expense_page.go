package programtest

import "strings"

// Row is an expense as the list shows it.
type Row struct {
	ID, Category string
	Text         string // of the whole row, with the price
	Link         string // to the page where it can be changed
}

// Rows returns the list's expenses from the top.
func (p *Page) Rows() []Row {
	var rows []Row
	for _, e := range p.All("", "data-id", "*") {
		r := Row{ID: e.Attributes["data-id"], Text: e.text()}
		for _, part := range p.All("a", "href", "*") {
			if part.isIn(e) {
				r.Category, r.Link = part.text(), part.Attributes["href"]
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// Newest returns the first row of the list, which has to have one.
func (p *Page) Newest() Row {
	p.t.Helper()
	rows := p.Rows()
	if len(rows) == 0 {
		p.t.Fatalf("the list is empty:\n%s", p.Body)
	}
	return rows[0]
}

// Total returns the exact total of all expenses in the ledger's currency, or "" if the page has none.
func (p *Page) Total() string {
	p.t.Helper()
	if e := p.One("data", "id", "total"); e != nil {
		return e.Attributes["value"]
	}
	return ""
}

// Field returns what a form's field holds.
func (p *Page) Field(name string) string {
	p.t.Helper()
	for _, e := range p.All("", "name", name) {
		switch e.name {
		case "input":
			if e.Attributes["type"] == "radio" {
				continue // a choice beside the field
			}
			return e.Attributes["value"]
		case "textarea":
			return strings.TrimPrefix(e.text(), "\n") // which HTML ignores
		}
	}
	p.t.Fatalf("the page has no field %q", name)
	return ""
}

// ErrorAt returns what is said to be wrong at a field, or "" if the field is not marked.
func (p *Page) ErrorAt(name string) string {
	p.t.Helper()
	for _, e := range p.All("", "name", name) {
		if e.Attributes["aria-invalid"] == "true" {
			return p.text("id", e.Attributes["aria-describedby"])
		}
	}
	return ""
}

// Message returns what the page says to have happened, or "".
func (p *Page) Message() string { return p.text("role", "status") }

// Problem returns what the page says to be wrong, or "".
func (p *Page) Problem() string { return p.text("role", "alert") }

// Link returns the address of the link that says text, or "" if there is none.
func (p *Page) Link(text string) string {
	for _, e := range p.All("a", "href", "*") {
		if e.text() == text {
			return e.Attributes["href"]
		}
	}
	return ""
}

// Title returns the page's heading.
func (p *Page) Title() string {
	p.t.Helper()
	if e := p.One("h1", "", ""); e != nil {
		return e.text()
	}
	return ""
}

// Change returns what the edit form on a page would send, with other values for some fields.
func (p *Page) Change(pairs ...string) map[string][]string {
	p.t.Helper()
	values := Form()
	for _, field := range []string{"revision", "category", "price", "currency", "date", "note"} {
		values.Set(field, p.Field(field))
	}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}
