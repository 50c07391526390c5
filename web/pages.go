package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"unicode/utf8"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

//go:embed templates
var templateFiles embed.FS

// layout is what every page has around its content.
type layout struct {
	Title   string
	Section string // the link of the navigation that leads here, if one does
	Flash   *flashView
	Links   links
	Version string
	Demo    bool
}

func (s *Site) layout(title, section string) layout {
	return layout{Title: title, Section: section, Links: s.assets.links, Version: s.options.Version, Demo: s.options.Demo}
}

// pages are the templates, one for each type of view.
type pages struct {
	home       page[homeView]
	expenses   page[expensesView]
	edit       page[editView]
	categories page[categoriesView]
	category   page[categoryPageView]
	fault      page[faultView]
}

// parsePages parses every template, so that a broken one stops the start and not a request.
func parsePages() (*pages, error) {
	shared, err := template.New("layout.html").Funcs(template.FuncMap{"label": fieldLabel}).ParseFS(templateFiles, "templates/layout.html", "templates/parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("web: templates: %w", err)
	}
	p := &pages{}
	for name, parse := range map[string]func(*template.Template) error{
		"home": p.home.parse, "expenses": p.expenses.parse, "edit": p.edit.parse,
		"categories": p.categories.parse, "category": p.category.parse, "fault": p.fault.parse,
	} {
		t, err := shared.Clone()
		if err == nil {
			t, err = t.ParseFS(templateFiles, "templates/"+name+".html")
		}
		if err == nil {
			err = parse(t)
		}
		if err != nil {
			return nil, fmt.Errorf("web: template %s: %w", name, err)
		}
	}
	return p, nil
}

// page renders views of one type.
type page[View any] struct{ template *template.Template }

// parse takes the template and renders an empty view, which makes html/template check its escaping now.
func (p *page[View]) parse(t *template.Template) error {
	p.template = t
	var empty View
	_, err := p.render(empty)
	return err
}

// render returns the whole page, so that nothing is sent of one that fails halfway.
func (p page[View]) render(view View) ([]byte, error) {
	buffer := bytes.NewBuffer(make([]byte, 0, 16<<10))
	if err := p.template.Execute(buffer, view); err != nil {
		return nil, fmt.Errorf("web: render: %w", err)
	}
	return validText(buffer.Bytes()), nil
}

// validText returns the page with a mark in place of every byte that is no text: a form is shown again as it was sent.
func validText(page []byte) []byte {
	if utf8.Valid(page) {
		return page
	}
	return bytes.ToValidUTF8(page, []byte("\uFFFD"))
}

// faultView is the page of a problem that no form can mend.
type faultView struct {
	layout
	Problem problem
	Again   *againView // a form that may be sent once more; nil if there is none
}

// againView is a form of which nothing was typed.
type againView struct {
	Path     string
	Revision string
}

func (s *Site) renderFault(p problem) ([]byte, error) {
	return s.pages.fault.render(faultView{layout: s.layout(p.Title, ""), Problem: p})
}

// fieldLabel names a field in a summary of what is wrong.
func fieldLabel(v fault.Violation) string {
	switch v.Field {
	case expense.FieldCategory:
		return "Category"
	case expense.FieldPrice:
		return "Price"
	case expense.FieldCurrency:
		return "Currency"
	case expense.FieldDate:
		return "Date"
	case expense.FieldNote:
		return "Note"
	case expense.FieldInto:
		return "Merge into"
	}
	return ""
}
