package programtest

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Page is an answer of the program, as far as tests look at it.
type Page struct {
	t       testing.TB
	Status  int
	Header  http.Header
	Body    string
	content []*Element // of the HTML, in its order; empty for what is none
}

// Element is an HTML element.
type Element struct {
	name       string
	Attributes map[string]string
	begin      int      // of its text in that of the page
	raw        string   // text of all that is in it
	parent     *Element // nil for the outermost
}

// text returns the text of all that is in the element, spaces tidied, but as it stands in a field of several lines. It is made only where it
// is asked for: few tests look at more than some elements of a page.
func (e *Element) text() string {
	if e.name == "textarea" {
		return e.raw
	}
	return strings.Join(strings.Fields(e.raw), " ")
}

// read takes an answer apart.
func read(t testing.TB, response *http.Response) *Page {
	t.Helper()
	defer func() { _ = response.Body.Close() }() // it was only read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("read the answer: %v", err)
	}
	p := &Page{t: t, Status: response.StatusCode, Header: response.Header, Body: string(body)}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		if p.content, err = parseHTML(p.Body); err != nil {
			t.Fatalf("the page is not well-formed: %v\n%s", err, body)
		}
	}
	return p
}

// parseHTML returns the elements of a page that closes what it opens, as ours do.
func parseHTML(text string) ([]*Element, error) {
	decoder := xml.NewDecoder(strings.NewReader(strings.ReplaceAll(text, "\x1b", "\uFFFD"))) // XML has no such character
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all []*Element
	var open *Element
	var said strings.Builder // all of the page
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
			e := &Element{name: token.Name.Local, Attributes: map[string]string{}, parent: open, begin: said.Len()}
			for _, a := range token.Attr {
				e.Attributes[a.Name.Local] = a.Value
			}
			all, open = append(all, e), e
		case xml.CharData:
			said.Write(token)
		case xml.EndElement:
			open.raw = said.String()[open.begin:]
			open = open.parent
		}
	}
	for ; open != nil; open = open.parent { // what the end of the page has closed
		open.raw = said.String()[open.begin:]
	}
	return all, nil
}

// isIn reports whether the element is in another, at any depth.
func (e *Element) isIn(other *Element) bool {
	for up := e.parent; up != nil; up = up.parent {
		if up == other {
			return true
		}
	}
	return false
}

// All returns the elements of that name ("" for any) that have the attribute ("" for any) with the value ("*" for any).
func (p *Page) All(name, attribute, value string) []*Element {
	var found []*Element
	for _, e := range p.content {
		v, has := e.Attributes[attribute]
		if (name == "" || e.name == name) && (attribute == "" || has && (value == "*" || v == value)) {
			found = append(found, e)
		}
	}
	return found
}

// One returns the element that all finds, or nil if there is none. More than one fail the test.
func (p *Page) One(name, attribute, value string) *Element {
	p.t.Helper()
	found := p.All(name, attribute, value)
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
func (p *Page) text(attribute, value string) string {
	p.t.Helper()
	if e := p.One("", attribute, value); e != nil {
		return e.text()
	}
	return ""
}
