// Package several is the area where several expenses are selected, from what a search finds, and changed, deleted or brought back as one.
// It knows the core and what areas share, and no other area.
package several

import (
	"embed"
	"net/http"
	"net/url"
	"strings"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Area answers the requests about several expenses. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *expense.Service
	page    page.Template[view]
	notices notices
}

// New returns the area.
func New(service *expense.Service, tools area.Tools) *Area {
	a := &Area{Tools: tools, service: service}
	a.notices = a.registerNotices(tools.Notices)
	a.page.Define(tools.Frame, templates, "several")
	return a
}

// selectAll is the parameter of the page on which every expense is selected.
const selectAll = "all"

// place is what a page selects from: a page of a search.
type place struct {
	asked address.SearchQuery
	at    expense.SearchPlace
	all   bool
}

func placeOf(r *http.Request) (place, error) {
	values := r.URL.Query()
	at, err := address.ParseSearchPlace(values)
	return place{asked: address.SearchQueryOf(values), at: at, all: values.Has(selectAll)}, err
}

// address returns where the place is shown.
func (p place) address() string { return p.asked.At(address.Several, p.at) }

// query returns what stands behind the path in that, with its question mark.
func (p place) query() string { return strings.TrimPrefix(p.address(), address.Several) }

// withAll returns the address on which all are selected.
func (p place) withAll() string {
	at, err := url.Parse(p.address())
	if err != nil {
		return p.address()
	}
	values := at.Query()
	values.Set(selectAll, "1")
	return address.Several + "?" + values.Encode()
}

// Show answers GET /several.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	from, err := placeOf(r)
	if err != nil {
		return err
	}
	in := a.Words.Of(r)
	shown, err := a.view(r.Context(), in, actor, from)
	if err != nil {
		return err
	}
	for i := range shown.Rows {
		shown.Rows[i].Picked = from.all
	}
	if shown.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	if said := shown.Notice; said != nil && strings.HasPrefix(said.Undo, address.Several) {
		said.Undo += from.query() // and back to here
	}
	return a.page.Show(w, shown)
}

// rowsOf shows what is found, each with what its box sends.
func rowsOf(in *words.Language, found []expense.Expense, of func(expense.Expense) string) []rowView {
	rows := make([]rowView, len(found))
	for i, e := range found {
		rows[i] = rowView{View: row.Of(in, e, ""), Pick: pickText(e)}
		rows[i].When = of(e)
	}
	return rows
}
