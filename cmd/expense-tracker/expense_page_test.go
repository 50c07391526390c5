package main

import "strings"

// row is an expense as the list shows it.
type row struct {
	id, category string
	text         string // of the whole row, with the price
	link         string // to the page where it can be changed
}

// rows returns the list's expenses from the top.
func (p *page) rows() []row {
	var rows []row
	for _, e := range p.all("", "data-id", "*") {
		r := row{id: e.attributes["data-id"], text: e.text}
		for _, part := range p.all("a", "href", "*") {
			if part.isIn(e) {
				r.category, r.link = part.text, part.attributes["href"]
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// newest returns the first row of the list, which has to have one.
func (p *page) newest() row {
	p.t.Helper()
	rows := p.rows()
	if len(rows) == 0 {
		p.t.Fatalf("the list is empty:\n%s", p.body)
	}
	return rows[0]
}

// total returns the exact total of all expenses in the ledger's currency, or "" if the page has none.
func (p *page) total() string {
	p.t.Helper()
	if e := p.one("data", "id", "total"); e != nil {
		return e.attributes["value"]
	}
	return ""
}

// field returns what a form's field holds.
func (p *page) field(name string) string {
	p.t.Helper()
	for _, e := range p.all("", "name", name) {
		switch e.name {
		case "input":
			return e.attributes["value"]
		case "textarea":
			return strings.TrimPrefix(e.text, "\n") // which HTML ignores
		}
	}
	p.t.Fatalf("the page has no field %q", name)
	return ""
}

// errorAt returns what is said to be wrong at a field, or "" if the field is not marked.
func (p *page) errorAt(name string) string {
	p.t.Helper()
	for _, e := range p.all("", "name", name) {
		if e.attributes["aria-invalid"] == "true" {
			return p.text("id", e.attributes["aria-describedby"])
		}
	}
	return ""
}

// message returns what the page says to have happened, and problem what it says to be wrong.
func (p *page) message() string { return p.text("role", "status") }
func (p *page) problem() string { return p.text("role", "alert") }

// link returns the address of the link that says text, or "" if there is none.
func (p *page) link(text string) string {
	for _, e := range p.all("a", "href", "*") {
		if e.text == text {
			return e.attributes["href"]
		}
	}
	return ""
}

// title returns the page's heading.
func (p *page) title() string {
	p.t.Helper()
	if e := p.one("h1", "", ""); e != nil {
		return e.text
	}
	return ""
}
