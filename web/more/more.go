// Package more is the area behind More: links to what is not opened every day. It knows no other area: the site says what there is.
package more

import (
	"embed"
	"net/http"

	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Entry is a link of the page.
type Entry struct {
	Address string
	Icon    string       // the mark before it
	Name    words.Phrase // of the place
	About   words.Phrase // what it is for
}

// Area answers the requests about the page. It is safe for concurrent use.
type Area struct {
	area.Tools
	entries []Entry
	signOut bool
	page    page.Template[view]
}

type view struct {
	page.Layout
	Entries []entryView
	SignOut bool
}

type entryView struct{ Address, Icon, Name, About string }

// New returns the area with its links, in their order, and a button to sign out where people sign in.
func New(tools area.Tools, signOut bool, entries ...Entry) *Area {
	a := &Area{Tools: tools, entries: entries, signOut: signOut}
	a.page.Define(tools.Frame, templates, "more")
	return a
}

const title words.Phrase = "More"

// Show answers GET /more. It asks nothing of the storage.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	in := a.Words.Of(r)
	shown := view{
		Layout:  a.Frame.Layout(in, actor, in.T(title), "more"),
		Entries: make([]entryView, len(a.entries)), SignOut: a.signOut,
	}
	for i, e := range a.entries {
		shown.Entries[i] = entryView{Address: e.Address, Icon: e.Icon, Name: in.T(e.Name), About: in.T(e.About)}
	}
	return a.page.Show(w, shown)
}
