package expenses

import (
	"context"
	"errors"
	"net/http"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// homeView is the first page.
type homeView struct {
	page.Layout
	Key        string // of the form; package keptpage says where it has to stand
	Form       formView
	Problem    *problem.Problem // why the form could not be taken; nil if nothing is wrong
	Offline    bool             // the storage cannot answer: the form only
	Month      string
	MonthTotal []total.View // the ledger's own currency first, even if it has no expense
	AllTime    []total.View
	Days       []dayView
	Older      string
	Spent      []chart.Spent
	Trends     []chart.Trend
}

// Home answers GET /. Unless there is something to say that just happened, the page is kept as long as the ledger stands still.
func (a *Area) Home(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	var err error
	in := a.Words.Of(r)
	if notice.Waits(r) {
		err = a.homeWithNotice(w, r, in, actor)
	} else {
		err = a.homes.Serve(w, r, in, actor, cursor{}, a.service.Today(actor))
	}
	if err != nil {
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
	view := a.homeView(in, actor, home, a.service.Today(actor))
	view.Notice = said
	return a.home.Show(w, view)
}

// renderHome renders the page for its shelf.
func (a *Area) renderHome(
	ctx context.Context, in *words.Language, actor ledger.Actor, _ cursor, now keptpage.Moment,
) ([]byte, keptpage.Moment, error) {
	home, err := a.service.Home(ctx, actor)
	if err != nil {
		return nil, keptpage.Moment{}, err
	}
	content, err := a.home.Render(a.homeView(in, actor, home, now.Day))
	return content, keptpage.Moment{State: home.State, Day: now.Day}, err
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
		if !p.IsOurs() {
			if home, err := a.service.Home(ctx, actor); err == nil {
				view = a.homeView(in, actor, home, a.service.Today(actor))
			}
		}
		view.Title = p.Title
		if draft != (expense.Draft{}) {
			suggestions := view.Form.Suggestions
			view.Form = newFormView(draft, p)
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
	_, invalid := expense.ParseKey(draft.Key)
	if invalid != nil || errors.Is(err, fault.Conflict) {
		return string(a.NewKey())
	}
	return draft.Key
}

func (a *Area) emptyHome(in *words.Language, actor ledger.Actor) homeView {
	today := a.service.Today(actor)
	return homeView{
		Layout: a.Frame.Layout(in, in.T(titleHome), "home"),
		Key:    string(a.NewKey()),
		Form:   newFormView(expense.Draft{Date: today.String(), Currency: actor.Ledger.Currency.Code()}, problem.Problem{}),
		Month:  in.Month(today.MonthOf()),
	}
}

func (a *Area) homeView(in *words.Language, actor ledger.Actor, home expense.Home, today civil.Date) homeView {
	own := actor.Ledger.Currency
	view := a.emptyHome(in, actor)
	for _, name := range home.Suggestions {
		view.Form.Suggestions = append(view.Form.Suggestions, string(name))
	}
	view.MonthTotal = total.Views(in, home.Month, own)
	view.AllTime = total.Views(in, home.AllTime, own)
	view.Days = newDays(in, home.Newest, today, cursor{})
	view.Older = before(home.Older)
	view.Spent = chart.NewSpent(in, home.Categories, home.Month, own)
	view.Trends = chart.NewTrends(in, home.Trend, today.MonthOf(), own)
	return view
}
