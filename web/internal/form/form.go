// Package form reads the forms that browsers send, and shows their fields again as they were typed. It knows no area: each says which
// fields its forms have.
package form

import (
	"cmp"
	"embed"
	"errors"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Parts returns the templates of the fields that forms of several areas have: "field-category", "field-currency", "field-payee",
// "field-note", "field-tags", "field-refund" and "field-paid" each show the Field of that name in a view, and
// "categories" the names to choose from.
func Parts() fs.FS { return templates }

// URLEncoded is the type of a form without files.
const URLEncoded = "application/x-www-form-urlencoded"

// mostInMemory is more than the body of any request may have, so that no part of a form goes to a file.
const mostInMemory = 32 << 20

// Read reads a request's body, urlencoded or multipart, into r.PostForm. Its error is of the kind Invalid.
func Read(r *http.Request) error {
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		contentType = URLEncoded // a POST without a body has no type
	}
	media, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return problem.Unreadable(http.StatusUnsupportedMediaType, err)
	case media == URLEncoded:
		err = r.ParseForm()
	case media == "multipart/form-data":
		err = r.ParseMultipartForm(mostInMemory) //nolint:gosec // a step before the handler has bounded the body
	default:
		return problem.Unreadable(http.StatusUnsupportedMediaType, errors.New(media))
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return problem.Unreadable(http.StatusRequestEntityTooLarge, err)
	case err != nil:
		return problem.Unreadable(http.StatusBadRequest, err)
	}
	return nil
}

// ID returns the number that names a row in the path, as {id}. What is no number names nothing.
func ID(r *http.Request) (int64, error) {
	text := r.PathValue("id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 || text != strconv.FormatInt(id, 10) {
		return 0, problem.NotFound(err)
	}
	return id, nil
}

// Typed returns a field as it can be shown again, see Shown.
func Typed(r *http.Request, name string) string { return Shown(r.PostForm.Get(name)) }

// mark stands in a page for what no page may hold.
const mark = '\uFFFD'

// Shown returns what was typed with a mark in place of every byte that is no text, and of every character that no page may hold.
func Shown(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' || unicode.Is(unicode.Noncharacter_Code_Point, r) {
			return mark
		}
		return r
	}, strings.ToValidUTF8(typed, string(mark)))
}

// IsTyped reports whether a field has what people type, and know again. Numbers of rows and what was only pressed or chosen say nothing.
func IsTyped(field string) bool {
	for _, prefix := range []string{"keep_", "stored_"} {
		if strings.HasPrefix(field, prefix) {
			return false
		}
	}
	return !slices.Contains([]string{"idempotency_key", "revision", "ledger", "pick", "do", "paid_by", "into", "token", "kept", "to"}, field)
}

// Again returns a form that was sent to a path and is to be sent once more, with its fields in the order of their names, and those of their
// values by which who typed them knows it again.
func Again(path string, sent url.Values, button string) problem.Again {
	again := problem.Again{Path: path, Button: button}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		for _, value := range sent[name] {
			shown := Shown(value)
			again.Fields = append(again.Fields, problem.Typed{Name: name, Value: shown})
			if shown != "" && IsTyped(name) {
				again.Shown = append(again.Shown, shown)
			}
		}
	}
	return again
}

// Field is one field as it was typed, with what is wrong about it.
type Field struct {
	Value string
	Error string
	Focus bool // the first field to mend
}

// Select is a field with what can be chosen in it. Without choices there is nothing to ask.
type Select struct {
	Field
	Choices []Choice
}

// Choice is one of them.
type Choice struct {
	Value, Text string
	Chosen      bool
}

// Label is how a page calls a field.
type Label struct {
	Name string
	Text words.Phrase
}

// Labels are the fields of a form that can be seen, in their order.
type Labels []Label

// Arrange puts what is wrong into the form's order, and names each field as the page does. Fields that cannot be seen come last.
func (l Labels) Arrange(p problem.Problem) problem.Problem {
	place := func(name string) int {
		if i := slices.IndexFunc(l, func(label Label) bool { return label.Name == name }); i >= 0 {
			return i
		}
		return len(l)
	}
	p.Fields = slices.Clone(p.Fields)
	for i, f := range p.Fields {
		if at := place(f.Name); at < len(l) {
			p.Fields[i].Label = p.T(l[at].Text)
		}
	}
	slices.SortStableFunc(p.Fields, func(a, b problem.Field) int { return cmp.Compare(place(a.Name), place(b.Name)) })
	return p
}
