// Package bin is the area of what was deleted: each expense with its way back, as long as there is one. It knows the core and what areas
// share, and no other area.
package bin

import (
	"embed"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

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

// Area answers the requests about the bin. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *expense.Service
	bin     page.Template[view]
}

// view is a page of the bin.
type view struct {
	page.Layout
	Rows                 []rowView
	Several              string // where several of them are selected
	Newest, Newer, Older string // addresses; empty if there is nothing there
}

// rowView is a deleted expense.
type rowView struct {
	row.View
	Restore  string // where a POST brings it back
	Revision string
	Until    string // the last day on which it can be brought back, in words
}

// New returns the area.
func New(service *expense.Service, tools area.Tools) *Area {
	a := &Area{Tools: tools, service: service}
	a.bin.Define(tools.Frame, templates, "bin")
	return a
}

const (
	title words.Phrase = "Bin"
	until words.Phrase = "Stays until %s."
)

// Show answers GET /bin.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	before, after, err := parsePlace(r.URL.Query())
	if err != nil {
		return err
	}
	found, err := a.service.Bin(r.Context(), actor, before, after)
	if err != nil {
		return err
	}
	in := a.Words.Of(r)
	shown := view{
		Layout: a.Frame.Layout(in, actor, in.T(title), "more"), Rows: make([]rowView, len(found.Expenses)),
		Several: address.SearchQuery{Deleted: true}.At(address.Several, expense.SearchPlace{}),
		Newer:   addressOf("after", found.Newer), Older: addressOf("before", found.Older),
	}
	if before != nil || after != nil {
		shown.Newest = address.Bin
	}
	binned := make([]expense.Expense, len(found.Expenses))
	for i, one := range found.Expenses {
		binned[i] = one.Expense
	}
	of, err := a.Payers.Of(r.Context(), in, actor, binned...)
	if err != nil {
		return err
	}
	today := a.service.Today(actor)
	for i, one := range found.Expenses {
		shown.Rows[i] = rowView{
			View: row.Of(in, one.Expense, address.FromBin), Restore: row.Address(one.ID) + "/restore" + address.FromBin,
			Revision: one.Seen().String(), Until: in.T(until, in.Date(one.Until(actor.Ledger), today)),
		}
		shown.Rows[i].PaidBy = of.Said(in, one.Expense)
	}
	if shown.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	return a.bin.Show(w, shown)
}

// parsePlace reads a place from an address, such as ?before=1700000000000000_17: the microseconds of a deletion, and the expense.
func parsePlace(query url.Values) (before, after *expense.BinPosition, err error) {
	if query.Has("before") && query.Has("after") {
		return nil, nil, address.NoPlace()
	}
	if before, err = parsePosition(query.Get("before")); err != nil {
		return nil, nil, err
	}
	after, err = parsePosition(query.Get("after"))
	return before, after, err
}

func parsePosition(text string) (*expense.BinPosition, error) {
	if text == "" {
		return nil, nil
	}
	micros, digits, _ := strings.Cut(text, "_")
	at, atErr := strconv.ParseInt(micros, 10, 64)
	id, idErr := strconv.ParseInt(digits, 10, 64)
	if atErr != nil || idErr != nil || at < 1 || id < 1 {
		return nil, address.NoPlace()
	}
	return &expense.BinPosition{At: time.UnixMicro(at).UTC(), ID: expense.ID(id)}, nil
}

func addressOf(name string, p *expense.BinPosition) string {
	if p == nil {
		return ""
	}
	return address.Bin + "?" + name + "=" + strconv.FormatInt(p.At.UnixMicro(), 10) + "_" + strconv.FormatInt(int64(p.ID), 10)
}
