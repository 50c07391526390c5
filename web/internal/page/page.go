// Package page renders the pages of the site: templates that are checked when the program starts, with the layout around each.
// It knows no area: each brings its own templates and views.
package page

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"sync"
	"unicode/utf8"

	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/words"
)

//go:embed layout.html
var files embed.FS

// About is what the layout of every page shows of the site.
type About struct {
	Links     Links
	Manifests map[string]string // the manifest's address in each language, by its tag
	Version   string            // of the program; may be empty
	Demo      bool              // a banner says that nothing is kept
	Places    Places
}

// Places are the addresses of the navigation's sections that a site may be without.
type Places struct {
	Month  string // leads to the current month
	Search string
}

// Links are the addresses of the site's own files.
type Links struct{ Style, Script, Icon, Manifest string }

// linksFor returns the links of a page in a language, whose manifest has words too.
func (a About) linksFor(in *words.Language) Links {
	links := a.Links
	if manifest, ok := a.Manifests[in.Tag()]; ok {
		links.Manifest = manifest
	}
	return links
}

// Layout is what every page has around its content. Each view embeds one. It embeds nothing itself, since templates find what is
// embedded twice at twice the cost.
type Layout struct {
	in       *words.Language // English if nil
	Title    string
	Section  string // of the navigation: home, month, add, search or more; or none
	Notice   *notice.Notice
	Links    Links
	Version  string
	Demo     bool
	Places   Places
	Whose    string    // name of the ledger, where it has one of its own
	LedgerID ledger.ID // of the ledger that the page shows: a form brings it along, for the reader may go to another meanwhile
	CanEdit  bool      // the reader may add and change; else the page offers neither
	Bare     bool      // without the way around, for who is not signed in
}

func (l Layout) language() *words.Language { return l.in }

// View is what a page shows: a struct that embeds a Layout.
type View interface{ language() *words.Language }

// Frame is the layout and the parts that pages of several areas have.
type Frame struct {
	about  About
	book   *words.Book
	parts  []fs.FS
	shared map[*words.Language]func() (*template.Template, error)
	all    []func() error // of which each parses one template in one language
}

// NewFrame returns the frame of a site. Each of the parts has files that define templates for all areas, as templates/parts/*.html.
func NewFrame(book *words.Book, about About, parts ...fs.FS) *Frame {
	f := &Frame{about: about, book: book, parts: parts, shared: map[*words.Language]func() (*template.Template, error){}}
	for _, language := range book.All() {
		f.shared[language] = sync.OnceValues(func() (*template.Template, error) { return f.parse(language) })
	}
	return f
}

// Check parses every template in every language. Templates are part of the program, so that a test finds a broken one.
func (f *Frame) Check() error {
	var failed []error
	for _, parse := range f.all {
		failed = append(failed, parse())
	}
	return errors.Join(failed...)
}

// parse reads the layout and the parts, with the words of a language in them.
func (f *Frame) parse(language *words.Language) (*template.Template, error) {
	shared, err := template.New("layout.html").Funcs(language.Funcs()).ParseFS(files, "layout.html")
	for _, part := range f.parts {
		if err == nil {
			shared, err = shared.ParseFS(part, partFiles)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("page: templates: %w", err)
	}
	return shared, nil
}

const partFiles = "templates/parts/*.html"

// Layout returns the layout of a page for an actor, in a language. The title is in that language.
func (f *Frame) Layout(in *words.Language, actor ledger.Actor, title, section string) Layout {
	name := actor.Ledger.Name
	if name == ledger.DefaultName {
		name = ""
	}
	return Layout{
		in: in, Title: title, Section: section, Links: f.about.linksFor(in), Version: f.about.Version, Demo: f.about.Demo, Places: f.about.Places,
		Whose: name, LedgerID: actor.Ledger.ID, CanEdit: actor.Role >= ledger.Editor,
	}
}

// Bare returns the layout of a page for who is not signed in, and so has no way around.
func (f *Frame) Bare(in *words.Language, title string) Layout {
	layout := f.Layout(in, ledger.Actor{}, title, "")
	layout.Bare = true
	return layout
}

// Template renders views of one type, each in its own language.
type Template[V View] struct {
	in      map[*words.Language]func() (*template.Template, error)
	english *words.Language
}

// Define names templates/NAME.html of an area, with its parts, as what is rendered. Its first reader in a language has it parsed: all of
// them take half of the memory and of the time that the program needs to start.
func (t *Template[V]) Define(frame *Frame, files fs.FS, name string) {
	t.in, t.english = map[*words.Language]func() (*template.Template, error){}, frame.book.English()
	for language, shared := range frame.shared {
		parsed := sync.OnceValues(func() (*template.Template, error) {
			parsed, err := parse(language, shared, files, name)
			if err == nil {
				var empty V
				err = parsed.Execute(io.Discard, empty) // makes html/template check its escaping
			}
			if err != nil {
				return nil, fmt.Errorf("page: template %s: %w", name, err)
			}
			return parsed, nil
		})
		t.in[language] = parsed
		frame.all = append(frame.all, func() error {
			_, err := parsed()
			return err
		})
	}
}

// parse reads one template, with the words of a language in it.
func parse(
	language *words.Language, of func() (*template.Template, error), files fs.FS, name string,
) (*template.Template, error) {
	shared, err := of()
	if err != nil {
		return nil, err
	}
	patterns := []string{"templates/" + name + ".html"}
	if parts, _ := fs.Glob(files, partFiles); len(parts) > 0 {
		patterns = append(patterns, partFiles)
	}
	parsed, err := shared.Clone()
	if err == nil {
		parsed, err = parsed.ParseFS(files, patterns...)
	}
	if err != nil {
		return nil, err
	}
	for _, each := range parsed.Templates() {
		language.Fold(each.Tree)
	}
	return parsed, nil
}

// Render returns the whole page, so that nothing is sent of one that fails halfway.
func (t Template[V]) Render(view V) ([]byte, error) {
	parsed, err := t.in[t.languageOf(view)]()
	if err != nil {
		return nil, err
	}
	buffer := bytes.NewBuffer(make([]byte, 0, 32<<10))
	if err := parsed.Execute(buffer, view); err != nil {
		return nil, fmt.Errorf("page: render: %w", err)
	}
	return validText(buffer.Bytes()), nil
}

func (t Template[V]) languageOf(view V) *words.Language {
	if language := view.language(); language != nil {
		return language
	}
	return t.english
}

// validText returns the page with a mark in place of every byte that is no text: a form is shown again as it was sent.
func validText(content []byte) []byte {
	if utf8.Valid(content) {
		return content
	}
	return bytes.ToValidUTF8(content, []byte("\uFFFD"))
}

// Show renders a view and sends it, with the status 200.
func (t Template[V]) Show(w http.ResponseWriter, view V) error {
	content, err := t.Render(view)
	if err != nil {
		return err
	}
	Send(w, t.languageOf(view), http.StatusOK, content)
	return nil
}

// Send writes a page that is complete, in a language.
func Send(w http.ResponseWriter, in *words.Language, status int, content []byte) {
	send(w, in, status, "text/html; charset=utf-8", content)
}

// SendText writes a text that is no page, for a program, in a language.
func SendText(w http.ResponseWriter, in *words.Language, status int, content []byte) {
	send(w, in, status, "text/plain; charset=utf-8", content)
}

func send(w http.ResponseWriter, in *words.Language, status int, kind string, content []byte) {
	h := w.Header()
	in.Announce(h)
	h["Content-Type"] = []string{kind}
	h["Content-Length"] = []string{strconv.Itoa(len(content))}
	w.WriteHeader(status)
	w.Write(content) //nolint:errcheck,gosec // the client went away; there is nobody to tell
}
