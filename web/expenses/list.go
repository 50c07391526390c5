package expenses

import (
	"context"
	"net/http"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// listView is a page of the list behind the first.
type listView struct {
	page.Layout
	Days         []row.Day
	Newer, Older string // addresses; empty if there is nothing there
	Several      string // where several of these are selected
}

// List answers GET /expenses. Unless there is something to say that just happened, the page is kept as long as the ledger stands still.
func (a *Area) List(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	place, err := parseCursor(r.URL.Query())
	if err != nil {
		return err
	}
	switch {
	case place == (cursor{}):
		http.Redirect(w, r, address.Home, http.StatusSeeOther) // the newest expenses stand there
		return nil
	case place.bin, place.search != "":
		http.Redirect(w, r, place.address(), http.StatusSeeOther) //nolint:gosec // a page of this site
		return nil
	}
	in := a.Words.Of(r)
	if !a.Notices.Waits(r) {
		return a.places.Serve(w, r, in, actor, place, a.service.Today(actor))
	}
	said, err := a.Notices.Take(w, r, in, actor)
	if err != nil {
		return err
	}
	lit := expense.ID(0)
	if said != nil {
		lit = expense.ID(said.Row)
	}
	view, err := a.listView(r.Context(), in, actor, place, a.service.Today(actor), lit)
	if err != nil {
		return err
	}
	view.Notice = said
	return a.list.Show(w, view)
}

// renderList renders pages for their shelf. The list does not say of which state it was read: it was at now's or a later one.
func (a *Area) renderList(
	ctx context.Context, in *words.Language, actor ledger.Actor, place cursor, now keptpage.Moment,
) ([]byte, keptpage.Moment, error) {
	view, err := a.listView(ctx, in, actor, place, now.Day, 0)
	if err != nil {
		return nil, keptpage.Moment{}, err
	}
	if len(view.Days) == 0 {
		now = keptpage.Moment{} // anybody can make up places where nothing stands
	}
	content, err := a.list.Render(view)
	return content, now, err
}

// listView reads the page at a place, which is not the zero cursor.
func (a *Area) listView(ctx context.Context, in *words.Language, actor ledger.Actor, place cursor, today civil.Date,
	lit expense.ID) (listView, error) {
	page, err := a.pageAt(ctx, actor, place)
	if err != nil {
		return listView{}, err
	}
	of, err := a.Payers.Of(ctx, in, actor, page.Expenses...)
	if err != nil {
		return listView{}, err
	}
	days := row.Days(in, page.Expenses, today, place.Query(), lit)
	row.SayPayers(days, page.Expenses, func(e expense.Expense) string { return of.Said(in, e) })
	several := ""
	if len(page.Expenses) > 0 {
		from := expense.PositionOf(page.Expenses[0])
		from.ID++ // the page there begins with the first row of this one
		several = address.SearchQuery{}.Before(address.Several, &from)
	}
	return listView{
		Several: several,
		Layout:  a.Frame.Layout(in, actor, in.T(titleOlder), ""),
		Days:    days,
		Newer:   after(page.Newer), Older: before(page.Older),
	}, nil
}

func (a *Area) pageAt(ctx context.Context, actor ledger.Actor, place cursor) (expense.Page, error) {
	switch {
	case place.before != nil:
		return a.service.PageBefore(ctx, actor, *place.before)
	case place.after != nil:
		return a.service.PageAfter(ctx, actor, *place.after)
	}
	return a.service.PageAfter(ctx, actor, expense.Position{}) // the oldest
}
