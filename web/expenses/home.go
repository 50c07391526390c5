package expenses

import (
	"context"
	"errors"
	"net/http"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// homeView is the first page.
type homeView struct {
	page.Layout
	Key       string // of the form; package keptpage says where it has to stand
	Form      entryView
	Filled    bool             // the form has a copy of an expense, over which no draft of the browser's goes
	Problem   *problem.Problem // why the form could not be taken; nil if nothing is wrong
	Offline   bool             // the storage cannot answer: the form only
	Happened  *notice.Notice   // below the form that caused it
	Glance    glanceView
	MonthName string
	AllTime   []total.View // the ledger's own currency first, even if it has no expense
	Days      []row.Day
	Older     string
	Soon      []soonView // what repeats falls due next
	Spent     []chart.Spent
	Trends    []chart.Trend
}

// Home answers GET /. Unless there is something to say that just happened, the page is kept as long as the ledger stands still.
func (a *Area) Home(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	var err error
	in := a.Words.Of(r)
	if a.Notices.Waits(r) {
		err = a.homeWithNotice(w, r, in, actor)
	} else {
		err = a.homes.Serve(w, r, in, actor, cursor{}, a.service.Today(actor))
	}
	if err != nil {
		return a.homeAgain(r.Context(), in, actor, expense.Draft{}, err)
	}
	return nil
}

// New answers GET /add: the first page, ready to type an amount.
func (a *Area) New(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if r.URL.Query().Has(againParameter) {
		return a.again(w, r, actor)
	}
	in := a.Words.Of(r)
	if err := a.homes.Serve(w, r, in, actor, cursor{adding: true}, a.service.Today(actor)); err != nil {
		return a.homeAgain(r.Context(), in, actor, expense.Draft{}, err)
	}
	return nil
}

func (a *Area) homeWithNotice(w http.ResponseWriter, r *http.Request, in *words.Language, actor ledger.Actor) error {
	said, err := a.Notices.Take(w, r, in, actor)
	if err != nil {
		return err
	}
	home, err := a.service.Home(r.Context(), actor)
	if err != nil {
		return err
	}
	of, err := a.Payers.Of(r.Context(), in, actor, home.Newest...)
	if err != nil {
		return err
	}
	view := a.homeView(in, actor, of, home, a.service.Today(actor), said)
	if err := a.addOthers(r.Context(), in, actor, home, &view); err != nil {
		return err
	}
	return a.home.Show(w, view)
}

// renderHome renders the page for its shelf.
func (a *Area) renderHome(
	ctx context.Context, in *words.Language, actor ledger.Actor, place cursor, now keptpage.Moment,
) ([]byte, keptpage.Moment, error) {
	home, err := a.service.Home(ctx, actor)
	if err != nil {
		return nil, keptpage.Moment{}, err
	}
	of, err := a.Payers.Of(ctx, in, actor, home.Newest...)
	if err != nil {
		return nil, keptpage.Moment{}, err
	}
	view := a.homeView(in, actor, of, home, now.Day, nil)
	if err := a.addOthers(ctx, in, actor, home, &view); err != nil {
		return nil, keptpage.Moment{}, err
	}
	if place.adding {
		view.Section, view.Form.Price.Focus = "add", true
	}
	content, err := a.home.Render(view)
	return content, keptpage.Moment{State: home.State, Day: now.Day}, err
}

// addOthers adds what other modules know: what the month's totals make altogether, if there are several and the ledger has rates for
// them; what is left of its budgets, if it has some; and what falls due next. It adds all or nothing.
func (a *Area) addOthers(ctx context.Context, in *words.Language, actor ledger.Actor, home expense.Home, view *homeView) error {
	today, own := a.service.Today(actor), actor.Ledger.Currency
	sum, err := a.Sums.Of(ctx, in, actor, home.Month, today, today)
	if err != nil {
		return err
	}
	left, err := a.Plans.Of(ctx, in, actor, today.MonthOf(), today)
	if err != nil {
		return err
	}
	soon, err := a.soon(ctx, in, actor, today)
	if err != nil {
		return err
	}
	view.Glance.Altogether, view.Glance.Planned, view.Soon = sum, left.Whole, soon
	view.Spent = view.newSpent(in, home, today.MonthOf(), own, left.Limits)
	return nil
}

// homeAgain returns err as one that shows the home page with its form as it was typed. Where the storage is the trouble, or turns
// out to be, the page is the form alone.
func (a *Area) homeAgain(ctx context.Context, in *words.Language, actor ledger.Actor, draft expense.Draft, err error) error {
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.Unauthenticated {
		return err // a page with the ledger in it is not for this actor
	}
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		view := a.emptyHome(in, actor)
		view.Offline = true
		var offered []expense.Category
		var of payer.Company
		if !p.IsOurs() {
			if home, err := a.service.Home(ctx, actor); err == nil {
				of, _ = a.Payers.Of(ctx, in, actor, home.Newest...) // without names it says enough, too
				view = a.homeView(in, actor, of, home, a.service.Today(actor), nil)
				_ = a.addOthers(ctx, in, actor, home, &view) // the page says enough without
				offered = home.Frequent
			}
		}
		view.Title = p.Title
		today, own := a.service.Today(actor), actor.Ledger.Currency
		if draft != (expense.Draft{}) {
			suggestions := view.Form.Suggestions
			view.Form = newEntry(in, newFormView(in, of, own, draft, p), offered, today, own)
			view.Form.Suggestions = suggestions
			view.Title = in.T(titleNotAdded)
		}
		view.Key = a.keyFor(draft, err)
		view.Problem = &p
		return a.home.Render(view)
	})
}

// keyFor returns the key for showing a draft's form again. It stays the same, so that sending again what was stored after all adds
// nothing; unless the key itself was refused or has been used for something else.
func (a *Area) keyFor(draft expense.Draft, err error) string {
	_, invalid := idempotency.ParseKey(draft.Key)
	if invalid != nil || errors.Is(err, fault.Conflict) {
		return string(a.NewKey())
	}
	return draft.Key
}

func (a *Area) emptyHome(in *words.Language, actor ledger.Actor) homeView {
	today, home := a.service.Today(actor), actor.Ledger.Currency
	return homeView{
		Layout: a.Frame.Layout(in, actor, in.T(titleHome), "home"),
		Key:    string(a.NewKey()),
		Form:   newEntry(in, newFormView(in, payer.Company{}, home, blank(actor, today), problem.Problem{}), nil, today, home),
	}
}

// blank is what the form for a new expense starts with.
func blank(actor ledger.Actor, today civil.Date) expense.Draft {
	return expense.Draft{Date: today.String(), Currency: actor.Ledger.Currency.Code()}
}

// largestShown is how many categories stand above everything else.
const largestShown = 6

// addTotals says beside each day of the list what was spent on it, as far as the totals of days go back.
func addTotals(in *words.Language, days []row.Day, totals []expense.DayTotal, own money.Currency) {
	of := make(map[string]money.Amount, len(totals))
	for _, t := range totals {
		if t.Amount.Currency() == own {
			of[t.Day.String()] = t.Amount
		}
	}
	for i, day := range days {
		if amount, ok := of[day.Date]; ok {
			days[i].Total = in.Amount(amount)
		}
	}
}

func (a *Area) homeView(
	in *words.Language, actor ledger.Actor, of payer.Company, home expense.Home, today civil.Date, said *notice.Notice,
) homeView {
	own := actor.Ledger.Currency
	view := a.emptyHome(in, actor)
	draft, lit := blank(actor, today), expense.ID(0)
	if said != nil {
		lit = expense.ID(said.Row)
		if said.Keep != (notice.Keep{}) {
			draft.Date, draft.Currency = said.Keep.Date, said.Keep.Currency
		}
	}
	view.Happened = said
	view.Form = newEntry(in, newFormView(in, of, own, draft, problem.Problem{}), home.Frequent, today, own)
	for _, name := range home.Suggestions {
		view.Form.Suggestions = append(view.Form.Suggestions, string(name))
	}
	view.Glance = newGlance(in, today, total.Views(in, home.Month, own), home.Days, own)
	view.MonthName = in.MonthName(today.MonthOf())
	view.AllTime = total.Views(in, home.AllTime, own)
	view.Days = row.Days(in, home.Newest, today, "", lit)
	row.SayPayers(view.Days, home.Newest, func(e expense.Expense) string { return of.Said(in, e) })
	addTotals(in, view.Days, home.Days, own)
	view.Older = before(home.Older)
	view.Spent = view.newSpent(in, home, today.MonthOf(), own, nil)
	view.Trends = chart.NewTrends(in, home.Trend, today.MonthOf(), own, view.linkOf)
	return view
}

// linkOf returns the address of a month's page; empty if the site has none.
func (v *homeView) linkOf(m civil.Month) string {
	if v.Places.Month == "" {
		return ""
	}
	return address.Month(m)
}

// newSpent shows where a month's money went. A category leads to its page, and everything else to its expenses or, where not all that is
// in it is known, to the month's page, which says more.
func (v *homeView) newSpent(
	in *words.Language, home expense.Home, month civil.Month, own money.Currency, limits chart.Limits,
) []chart.Spent {
	link := func(of money.Currency, ids ...expense.CategoryID) string {
		switch len(ids) {
		case 0:
			return v.linkOf(month)
		case 1:
			return address.Category(ids[0])
		}
		all := address.Spent(v.Places.Search, month.First(), month.Last(), ids...)
		if len(home.Month) > 1 {
			all = address.InCurrency(v.Places.Search, all, of.Code())
		}
		return all
	}
	return chart.NewSpent(in, home.Categories, home.Month, own, largestShown, link, limits)
}
