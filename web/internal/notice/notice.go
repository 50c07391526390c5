// Package notice carries what just happened over the redirect that follows a POST, and lets the next page say it. It knows no area:
// each registers the kinds of its own notices, with the function that puts one into words.
package notice

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/cookie"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// The cookie has a kind and an id, and nothing that was typed but a category's icon.
const (
	cookieName    = "flash"
	cookieSeconds = 60
)

// Notice is the message at the top of a page.
type Notice struct {
	Text     string
	Detail   string    // a second line, such as the day; may be empty
	Far      string    // where to change what is unusual about that detail; empty if nothing is
	Edit     string    // address of what happened; empty if nothing is offered
	Repeat   string    // where to make it repeat; empty if that is not offered
	Tile     *row.Tile // of its category; nil for none
	Row      int64     // the row of a list to light up; 0 for none
	Keep     Keep      // what a form for the next one starts with
	Undo     string    // where a POST undoes it; empty if there is no undo
	Revision string    // that the undo starts from
	Fields   []Field   // that the undo brings along besides
	LedgerID ledger.ID // that it happened in; the undo brings it along, for the reader may go to another meanwhile
}

// Field is a hidden field of a form.
type Field struct{ Name, Value string }

// Keep is what the next expense has in common with the one that was just added.
type Keep struct{ Date, Currency string }

// Describe looks up the row that something happened to, and says so; nil if there is nothing to say. What is NotFound says nothing:
// somebody else removed it in the meantime.
type Describe func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*Notice, error)

// DescribeFrom is Describe for a row of which the cookie says more: what it was before. A browser can have made that up.
type DescribeFrom func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64, was string) (*Notice, error)

// Board knows the kinds of notices. Registering ends before the first request.
type Board struct {
	jar   cookie.Jar
	kinds map[string]DescribeFrom
}

// NewBoard returns a board that knows no kind, and leaves notices in a jar.
func NewBoard(jar cookie.Jar) *Board { return &Board{jar: jar, kinds: map[string]DescribeFrom{}} }

// Kind is what can happen to a row.
type Kind struct {
	name string
	jar  cookie.Jar
}

// Register makes a kind known. The name is one word, which the browser's cookie has. Like a route, it panics at a name that is taken.
func (b *Board) Register(name string, describe Describe) Kind {
	return b.RegisterFrom(name, func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64, _ string) (*Notice, error) {
		return describe(ctx, in, actor, id)
	})
}

// RegisterFrom is Register for a kind whose cookie says more.
func (b *Board) RegisterFrom(name string, describe DescribeFrom) Kind {
	if _, taken := b.kinds[name]; taken {
		panic("notice: two kinds have the name " + name)
	}
	b.kinds[name] = describe
	return Kind{name, b.jar}
}

// Redirect sends the browser to a page of this site, which will say what happened to the row.
func (k Kind) Redirect(w http.ResponseWriter, r *http.Request, to string, id int64) {
	k.RedirectFrom(w, r, to, id, "")
}

// RedirectFrom is Redirect with what the row was before, a few letters.
func (k Kind) RedirectFrom(w http.ResponseWriter, _ *http.Request, to string, id int64, was string) {
	value := k.name + "." + strconv.FormatInt(id, 10)
	if was != "" {
		value += "." + base64.RawURLEncoding.EncodeToString([]byte(was))
	}
	leave(k.jar, w, value)
	w.Header()["Location"] = []string{to}
	w.WriteHeader(http.StatusSeeOther)
}

// Waits reports whether a request brings a notice that makes sense.
func (b *Board) Waits(r *http.Request) bool {
	_, _, _, ok := b.read(r)
	return ok
}

// Take returns the notice that a request brings, and makes the browser forget it; nil if there is none.
func (b *Board) Take(w http.ResponseWriter, r *http.Request, in *words.Language, actor ledger.Actor) (*Notice, error) {
	kind, id, was, ok := b.read(r)
	if !ok {
		return nil, nil
	}
	leave(b.jar, w, "")
	describe, known := b.kinds[kind]
	if !known {
		return nil, nil
	}
	said, err := describe(r.Context(), in, actor, id, was)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if said != nil {
		said.LedgerID = actor.Ledger.ID
	}
	return said, err
}

func (b *Board) read(r *http.Request) (kind string, id int64, was string, ok bool) {
	kind, digits, _ := strings.Cut(b.jar.Get(r, cookieName), ".")
	digits, encoded, _ := strings.Cut(digits, ".")
	id, err := strconv.ParseInt(digits, 10, 64)
	more, broken := base64.RawURLEncoding.DecodeString(encoded)
	shown := r.Method != http.MethodHead // which shows nothing: the page that follows does
	return kind, id, string(more), err == nil && broken == nil && id > 0 && shown
}

func leave(jar cookie.Jar, w http.ResponseWriter, value string) {
	jar.Set(w, cookie.Cookie{Name: cookieName, Value: value, Seconds: cookieSeconds, Strict: true})
}
