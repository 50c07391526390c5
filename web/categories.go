package web

import (
	"net/http"
	"net/url"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// categoriesView is a page of the list of categories.
type categoriesView struct {
	layout
	Categories []categoryView
	Next       string // address; empty if there are no more
	First      string // likewise, where this is not the first page
}

// categoryView is a category in that list.
type categoryView struct {
	Name   string
	Link   string
	Totals []totalView
}

// showCategories answers GET /categories.
func (s *Site) showCategories(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	after := r.URL.Query().Get("after")
	page, err := s.service.Categories(r.Context(), actor, after)
	if err != nil {
		return err
	}
	view := categoriesView{layout: s.layout("Categories", "categories"), Categories: make([]categoryView, len(page.Categories))}
	for i, c := range page.Categories {
		view.Categories[i] = newCategoryView(c, s.service.Currency())
	}
	if page.Next != "" {
		view.Next = "/categories?after=" + url.QueryEscape(page.Next)
	}
	if after != "" {
		view.First = "/categories"
	}
	if view.Flash, err = s.takeFlash(w, r, actor); err != nil {
		return err
	}
	content, err := s.pages.categories.render(view)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, content)
	return nil
}

func newCategoryView(c expense.CategorySummary, own money.Currency) categoryView {
	view := categoryView{Name: string(c.Category.Name), Link: categoryAddress(c.Category.ID)}
	totals := c.Totals
	if len(totals) == 0 {
		totals = []expense.Total{{Amount: money.FromMinor(0, own)}}
	}
	for _, t := range ownFirst(totals, own) {
		view.Totals = append(view.Totals, newTotal(t, own))
	}
	return view
}
