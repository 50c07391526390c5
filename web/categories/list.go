package categories

import (
	"net/http"
	"net/url"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// listView is a page of the list of categories.
type listView struct {
	page.Layout
	Categories []summaryView
	Archived   []summaryView // which stand apart
	Apart      int64         // how many these are
	Next       string        // address; empty if there are no more
	First      string        // likewise, where this is not the first page
}

// summaryView is a category in few words.
type summaryView struct {
	Name   string
	Link   string
	Tile   row.Tile
	Totals []total.View
}

// List answers GET /categories.
func (a *Area) List(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	after := r.URL.Query().Get("after")
	found, err := a.service.Categories(r.Context(), actor, after)
	if err != nil {
		return err
	}
	in := a.Words.Of(r)
	view := listView{Layout: a.Frame.Layout(in, actor, in.T(titleList), section)}
	for _, c := range found.Categories {
		list := &view.Categories
		if c.Category.Archived {
			list = &view.Archived
		}
		*list = append(*list, newSummary(in, c, actor.Ledger.Currency))
	}
	view.Apart = int64(len(view.Archived))
	if found.Next != "" {
		view.Next = listAddress + "?after=" + url.QueryEscape(found.Next)
	}
	if after != "" {
		view.First = listAddress
	}
	if view.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	return a.list.Show(w, view)
}

// section is the link of the navigation that leads to the area's pages.
const section = "more"

const listAddress = "/categories"

func newSummary(in *words.Language, c expense.CategorySummary, own money.Currency) summaryView {
	return summaryView{
		Name: string(c.Category.Name), Link: address.Category(c.Category.ID), Tile: row.TileOf(c.Category),
		Totals: total.ViewsOfSome(in, c.Totals, own),
	}
}
