package budgets

import (
	"context"
	"net/http"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

// listView is this month's budgets.
type listView struct {
	page.Layout
	Month   string
	Head    *headView // nil if nothing is planned in the ledger's own currency
	Look    []standingView
	OnTrack []standingView
	Ahead   []aheadView
	Without *withoutView
	Copy    string // the name of the month whose budgets can go on; empty if all do
}

// aheadView is a budget that does not count yet.
type aheadView struct {
	nameView
	Link string
	Says string // from when on, and how much
}

// withoutView is what was spent that no budget is for.
type withoutView struct {
	Names  []string // of the largest categories of it
	Amount string
	Link   string // to its expenses or, where not all its categories are known, to the month's; may be empty
}

// section is the link of the navigation that leads to the area's pages.
const section = "more"

const titleList words.Phrase = "Budgets"

// here is the one place of the shelf.
type here struct{}

// Query implements keptpage.Place.
func (here) Query() string { return "" }

// List answers GET /budgets. Unless something just happened, the page is kept as long as the ledger stands still.
func (a *Area) List(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	in, today := a.Words.Of(r), a.service.Today(actor)
	if !a.Notices.Waits(r) {
		return a.lists.Serve(w, r, in, actor, here{}, today)
	}
	said, err := a.Notices.Take(w, r, in, actor)
	if err != nil {
		return err
	}
	view, err := a.listView(r.Context(), in, actor, today)
	if err != nil {
		return err
	}
	view.Notice = said
	return a.list.Show(w, view)
}

// renderList renders the page for its shelf. What it shows is of the state that was asked for, or later.
func (a *Area) renderList(
	ctx context.Context, in *words.Language, actor ledger.Actor, _ here, now keptpage.Moment,
) ([]byte, keptpage.Moment, error) {
	view, err := a.listView(ctx, in, actor, now.Day)
	if err != nil {
		return nil, keptpage.Moment{}, err
	}
	content, err := a.list.Render(view)
	return content, now, err
}

func (a *Area) listView(ctx context.Context, in *words.Language, actor ledger.Actor, today civil.Date) (listView, error) {
	month := today.MonthOf()
	view := listView{Layout: a.Frame.Layout(in, actor, in.T(titleList), section), Month: in.Month(month)}
	found, err := a.service.Month(ctx, actor, month)
	if err != nil {
		return view, err
	}
	if len(found.Lapsed) > 0 {
		view.Copy = in.MonthName(month.AddMonths(-1))
	}
	ahead, err := a.service.Ahead(ctx, actor)
	if err != nil || len(found.Standings)+len(ahead) == 0 {
		return view, err
	}
	of := make([]budget.CategoryID, 0, len(found.Standings)+len(ahead))
	for _, s := range found.Standings {
		of = append(of, s.Of)
	}
	for _, b := range ahead {
		of = append(of, b.Category)
	}
	names, err := a.names(ctx, in, actor, of...)
	if err != nil {
		return view, err
	}
	view.Head = head(in, actor.Ledger.Currency, found.Standings, names, today)
	for _, s := range found.Standings {
		one := newStanding(in, s, names[s.Of], today)
		switch {
		case s.Category == budget.Everything && view.Head != nil:
		case one.Over || one.Near:
			view.Look = append(view.Look, one)
		default:
			view.OnTrack = append(view.OnTrack, one)
		}
	}
	for _, b := range ahead {
		if name, ok := names[b.Category]; ok { // its category was not removed
			view.Ahead = append(view.Ahead, aheadView{name, addressOf(b.Category), termText(in, b.Term)})
		}
	}
	if len(found.Standings) == 0 {
		return view, nil
	}
	home, err := a.expenses.Home(ctx, actor)
	if err == nil {
		view.Without = without(in, view.Layout, month, actor.Ledger.Currency, home, found.Standings)
	}
	return view, err
}

// head is the standing of the budget for everything, or else of all others together.
func head(
	in *words.Language, own money.Currency, all []budget.Standing, names map[budget.CategoryID]nameView, today civil.Date,
) *headView {
	const (
		left        words.Phrase = "Left for everything"
		over        words.Phrase = "Over the budget for everything"
		leftPlanned words.Phrase = "Left of what you planned"
		overPlanned words.Phrase = "Over what you planned"
	)
	var together []budget.Standing
	for _, s := range all {
		if s.Term.Limit.Currency() != own {
			continue
		}
		if s.Category == budget.Everything {
			return newHead(in, s, names[s.Of], today, left, over)
		}
		together = append(together, s)
	}
	if len(together) == 0 {
		return nil
	}
	sum := newHead(in, budget.Sum(together), everythingView(in), today, leftPlanned, overPlanned)
	sum.Link, sum.Carried = "", ""
	return sum
}

// withoutNames is how many categories without a budget are named.
const withoutNames = 4

// without returns what was spent this month, in the ledger's own currency, on categories without a budget; nil if nothing was.
func without(in *words.Language, l page.Layout, month civil.Month, own money.Currency, home expense.Home, all []budget.Standing,
) *withoutView {
	rest := money.FromMinor(0, own)
	for _, total := range home.Month {
		if total.Amount.Currency() == own {
			rest = total.Amount
		}
	}
	budgeted := map[expense.CategoryID]bool{}
	for _, s := range all {
		if s.Category != budget.Everything && s.Term.Limit.Currency() == own {
			budgeted[expense.CategoryID(s.Category)] = true
			rest = budget.Standing{Term: budget.Term{Limit: rest}, Carried: money.FromMinor(0, own), Spent: s.Spent}.Left()
		}
	}
	if rest.Minor() <= 0 {
		return nil
	}
	view := &withoutView{Amount: in.Amount(rest)}
	var known []expense.CategoryID
	unknown := rest.Minor()
	for _, c := range home.Categories {
		if c.Amount.Currency() != own || budgeted[c.Category.ID] {
			continue
		}
		if len(view.Names) < withoutNames {
			view.Names = append(view.Names, string(c.Category.Name))
		}
		known, unknown = append(known, c.Category.ID), unknown-c.Amount.Minor()
	}
	if unknown == 0 && l.Places.Search != "" {
		view.Link = rowsOf(l, month, own, known...)
	} else if l.Places.Month != "" {
		view.Link = address.Month(month)
	}
	return view
}
