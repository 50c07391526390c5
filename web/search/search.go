// Package search is the area of the search: one box, the filters beside it, what they find with its exact count and totals, and the same
// as a file. The address says it all. It knows no other area.
package search

import (
	"context"
	"embed"
	"net/http"
	"net/url"
	"slices"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// section is the link of the navigation that leads here.
const section = "search"

// Area answers searches. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *expense.Service
	page    page.Template[view]
}

// New returns the area.
func New(service *expense.Service, tools area.Tools) *Area {
	a := &Area{Tools: tools, service: service}
	a.page.Define(tools.Frame, templates, "search")
	return a
}

// Show answers GET /search. A form sends fields that are empty: they are taken out of the address first.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	values := r.URL.Query()
	place, err := address.ParseSearchPlace(values)
	if err != nil {
		return err
	}
	asked := address.SearchQueryOf(values)
	if sentEmpty(values) {
		http.Redirect(w, r, address.Search(asked), http.StatusSeeOther) //nolint:gosec // a page of this site, whatever is asked
		return nil
	}
	in := a.Words.Of(r)
	found, err := a.service.Search(r.Context(), actor, asked.Draft(), place)
	if err != nil {
		ctx := context.WithoutCancel(r.Context())
		return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
			p = labels().Arrange(p)
			of, _ := a.Payers.Of(ctx, in, actor) // without names it says enough, too
			return a.page.Render(a.refused(in, actor, of, asked, p))
		})
	}
	offered, err := a.service.SuggestCategories(r.Context(), actor)
	if err != nil {
		return err
	}
	of, err := a.company(r.Context(), in, actor, found)
	if err != nil {
		return err
	}
	shown := a.found(in, actor, of, asked, place, found)
	if shown.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	shown.light()
	for _, c := range offered {
		shown.Suggestions = append(shown.Suggestions, string(c.Name))
	}
	return a.page.Show(w, shown)
}

// company returns who shares the ledger, and who has paid what was found. The payer who is searched for is known by name only if they have
// paid something in this ledger: a number may be anybody's, and the names of strangers are nobody's business.
func (a *Area) company(ctx context.Context, in *words.Language, actor ledger.Actor, found expense.SearchPage) (payer.Company, error) {
	also, searched := slices.Clone(found.Page.Expenses), found.Filter.Payer
	if searched != 0 && len(also) == 0 {
		paid, err := a.service.Search(ctx, actor, expense.SearchDraft{PaidBy: expense.PayerText(searched)}, expense.SearchPlace{})
		if err != nil {
			return payer.Company{}, err
		}
		also = paid.Page.Expenses
	}
	return a.Payers.Of(ctx, in, actor, also...)
}

// sentEmpty reports whether a field of the form stands in the address with nothing in it.
func sentEmpty(values url.Values) bool {
	for _, name := range address.SearchFields() {
		if slices.Contains(values[name], "") {
			return true
		}
	}
	return false
}

// shownQuery is what was typed as a page may hold it.
func shownQuery(asked address.SearchQuery) address.SearchQuery {
	asked.Categories = slices.Clone(asked.Categories)
	for i, c := range asked.Categories {
		asked.Categories[i] = form.Shown(c)
	}
	for _, field := range []*string{&asked.Query, &asked.Tag, &asked.Currency, &asked.From, &asked.To, &asked.Min, &asked.Max,
		&asked.PaidBy} {
		*field = form.Shown(*field)
	}
	return asked
}
