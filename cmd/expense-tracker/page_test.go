package main

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// page is an answer of the program, as far as tests look at it.
type page struct {
	t       testing.TB
	status  int
	header  http.Header
	body    string
	content []*element // of the HTML, in its order; empty for what is none
}

// element is an HTML element.
type element struct {
	name       string
	attributes map[string]string
	text       string // of all that is in it, spaces tidied
	within     []*element
}

// read takes an answer apart.
func read(t testing.TB, response *http.Response) *page {
	t.Helper()
	defer func() { _ = response.Body.Close() }() // it was only read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("read the answer: %v", err)
	}
	p := &page{t: t, status: response.StatusCode, header: response.Header, body: string(body)}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		if p.content, err = parseHTML(p.body); err != nil {
			t.Fatalf("the page is not well-formed: %v\n%s", err, body)
		}
	}
	return p
}

// parseHTML returns the elements of a page that closes what it opens, as ours do.
func parseHTML(text string) ([]*element, error) {
	decoder := xml.NewDecoder(strings.NewReader(strings.ReplaceAll(text, "\x1b", "\uFFFD"))) // XML has no such character
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all, open []*element
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attributes: map[string]string{}, within: slices.Clone(open)}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			all, open = append(all, e), append(open, e)
		case xml.CharData:
			for _, e := range open {
				e.text += string(token)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	for _, e := range all {
		if e.name != "textarea" {
			e.text = strings.Join(strings.Fields(e.text), " ")
		}
	}
	return all, nil
}

// isIn reports whether the element is in another, at any depth.
func (e *element) isIn(other *element) bool { return slices.Contains(e.within, other) }

// all returns the elements of that name ("" for any) that have the attribute ("" for any) with the value ("*" for any).
func (p *page) all(name, attribute, value string) []*element {
	var found []*element
	for _, e := range p.content {
		v, has := e.attributes[attribute]
		if (name == "" || e.name == name) && (attribute == "" || has && (value == "*" || v == value)) {
			found = append(found, e)
		}
	}
	return found
}

// one returns the element that all finds, or nil if there is none. More than one fail the test.
func (p *page) one(name, attribute, value string) *element {
	p.t.Helper()
	found := p.all(name, attribute, value)
	switch len(found) {
	case 0:
		return nil
	case 1:
		return found[0]
	}
	p.t.Fatalf("%d elements <%s %s=%q> on one page", len(found), name, attribute, value)
	return nil
}

// text returns the text of the element with the attribute, or "".
func (p *page) text(attribute, value string) string {
	p.t.Helper()
	if e := p.one("", attribute, value); e != nil {
		return e.text
	}
	return ""
}
