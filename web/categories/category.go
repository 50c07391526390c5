package categories

import (
	"context"
	"net/http"
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// categoryView is the page of one category: what was spent on it, its expenses, and behind Manage what can be done to it.
type categoryView struct {
	page.Layout
	Name     string
	Tile     row.Tile
	Archived bool
	Spending *spendingView // nil where it cannot be read now
	Manage   manageView
	Problem  *problem.Problem
}

// spot is a place in the list of a category's expenses, for the shelf.
type spot struct {
	id expense.CategoryID
	expense.SearchPlace
}

// Query names the place.
func (s spot) Query() string {
	return address.SearchQuery{Categories: []string{strconv.FormatInt(int64(s.id), 10)}}.At("", s.SearchPlace)
}

// Show answers GET /categories/{id}. Unless there is something to say that just happened, the page is kept as long as the ledger stands
// still.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	at, err := address.ParseSearchPlace(r.URL.Query())
	if err != nil {
		return err
	}
	in, wanted := a.Words.Of(r), spot{expense.CategoryID(id), at}
	if !a.Notices.Waits(r) {
		return a.kept.Serve(w, r, in, actor, wanted, a.service.Today(actor))
	}
	said, err := a.Notices.Take(w, r, in, actor)
	if err != nil {
		return err
	}
	view, err := a.categoryView(r.Context(), in, actor, wanted)
	if err != nil {
		return err
	}
	view.Notice = said
	return a.category.Show(w, view)
}

// render renders pages for the shelf.
func (a *Area) render(
	ctx context.Context, in *words.Language, actor ledger.Actor, wanted spot, now keptpage.Moment,
) ([]byte, keptpage.Moment, error) {
	view, err := a.categoryView(ctx, in, actor, wanted)
	if err != nil {
		return nil, keptpage.Moment{}, err
	}
	if len(view.Spending.Months) == 0 {
		now = keptpage.Moment{} // anybody can make up places where nothing stands
	}
	content, err := a.category.Render(view)
	return content, now, err
}

func (a *Area) categoryView(ctx context.Context, in *words.Language, actor ledger.Actor, wanted spot) (categoryView, error) {
	found, err := a.service.CategorySpending(ctx, actor, wanted.id, wanted.SearchPlace)
	if err != nil {
		return categoryView{}, err
	}
	name := string(found.Category.Name)
	view := categoryView{
		Layout: a.Frame.Layout(in, actor, name, section), Name: name,
		Tile: row.TileOf(found.Category), Archived: found.Category.Archived,
	}
	company, err := a.Payers.Of(ctx, in, actor, found.Expenses...)
	if err != nil {
		return view, err
	}
	spending := a.newSpending(in, actor, found, company, wanted.SearchPlace, view.Places.Search)
	if spending.First {
		today := a.service.Today(actor)
		left, err := a.Plans.Of(ctx, in, actor, today.MonthOf(), today)
		if err != nil {
			return categoryView{}, err
		}
		spending.Planned = left.Category(found.Category.ID)
	}
	view.Spending = &spending
	view.Manage, err = a.manageView(ctx, in, actor, found.CategorySummary)
	return view, err
}
