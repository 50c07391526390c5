// Package page renders the pages of the site: templates that are checked when the program starts, with the layout around each.
// It knows no area: each brings its own templates and views.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"unicode/utf8"

	"expense-tracker/web/internal/notice"
)

//go:embed layout.html
var files embed.FS

// About is what the layout of every page shows of the site.
type About struct {
	Links   Links
	Version string // of the program; may be empty
	Demo    bool   // a banner says that nothing is kept
}

// Links are the addresses of the site's own files.
type Links struct{ Style, Script, Icon, Manifest string }

// Layout is what every page has around its content. Each view embeds one. It embeds nothing itself, since templates find what is
// embedded twice at twice the cost.
type Layout struct {
	Title   string
	Section string // the link of the navigation that leads here, if one does
	Notice  *notice.Notice
	Links   Links
	Version string
	Demo    bool
}

// Frame is the layout and the parts that pages of several areas have.
type Frame struct {
	about  About
	shared *template.Template
}

// NewFrame returns the frame of a site. Each of the parts has files that define templates for all areas, as templates/parts/*.html.
func NewFrame(about About, parts ...fs.FS) (*Frame, error) {
	shared, err := template.New("layout.html").ParseFS(files, "layout.html")
	for _, part := range parts {
		if err == nil {
			shared, err = shared.ParseFS(part, partFiles)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("page: templates: %w", err)
	}
	return &Frame{about: about, shared: shared}, nil
}

const partFiles = "templates/parts/*.html"

// Layout returns the layout of a page.
func (f *Frame) Layout(title, section string) Layout {
	return Layout{Title: title, Section: section, Links: f.about.Links, Version: f.about.Version, Demo: f.about.Demo}
}

// Template renders views of one type.
type Template[View any] struct{ template *template.Template }

// Parse reads templates/NAME.html of an area, and its parts. It renders an empty view, which makes html/template check its escaping
// now: a broken template stops the start, and not a request.
func (t *Template[View]) Parse(frame *Frame, files fs.FS, name string) error {
	patterns := []string{"templates/" + name + ".html"}
	if parts, _ := fs.Glob(files, partFiles); len(parts) > 0 {
		patterns = append(patterns, partFiles)
	}
	parsed, err := frame.shared.Clone()
	if err == nil {
		t.template, err = parsed.ParseFS(files, patterns...)
	}
	if err == nil {
		var empty View
		_, err = t.Render(empty)
	}
	if err != nil {
		return fmt.Errorf("page: template %s: %w", name, err)
	}
	return nil
}

// Render returns the whole page, so that nothing is sent of one that fails halfway.
func (t Template[View]) Render(view View) ([]byte, error) {
	buffer := bytes.NewBuffer(make([]byte, 0, 16<<10))
	if err := t.template.Execute(buffer, view); err != nil {
		return nil, fmt.Errorf("page: render: %w", err)
	}
	return validText(buffer.Bytes()), nil
}

// validText returns the page with a mark in place of every byte that is no text: a form is shown again as it was sent.
func validText(content []byte) []byte {
	if utf8.Valid(content) {
		return content
	}
	return bytes.ToValidUTF8(content, []byte("\uFFFD"))
}

// Show renders a view and sends it, with the status 200.
func (t Template[View]) Show(w http.ResponseWriter, view View) error {
	content, err := t.Render(view)
	if err != nil {
		return err
	}
	Send(w, http.StatusOK, content)
	return nil
}

// Send writes a page that is complete.
func Send(w http.ResponseWriter, status int, content []byte) {
	h := w.Header()
	h["Content-Type"] = []string{"text/html; charset=utf-8"}
	h["Content-Length"] = []string{strconv.Itoa(len(content))}
	w.WriteHeader(status)
	w.Write(content) //nolint:errcheck,gosec // the client went away; there is nobody to tell
}
