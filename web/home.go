package web

import (
	"context"
	"errors"
	"net/http"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// homeView is the first page.
type homeView struct {
	layout
	Key        string // of the form; see keyMark for where it has to stand
	Form       formView
	Problem    *problem // why the form could not be taken; nil if nothing is wrong
	Offline    bool     // the storage cannot answer: the form only
	Month      string
	MonthTotal []totalView // the ledger's own currency first, even if it has no expense
	AllTime    []totalView
	Days       []dayView
	Older      string
	Spent      []spentView
	Trends     []trendView
}

// showHome answers GET /. Unless there is something to say that just happened, the page is kept as long as the ledger stands still.
func (s *Site) showHome(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if _, happened := flashOf(r); !happened {
		page, err := s.kept.get(r.Context(), actor, cursor{}, s.service.Today())
		if err != nil {
			return s.homeAgain(r.Context(), actor, expense.Draft{}, err)
		}
		s.sendKept(w, r, page)
		return nil
	}
	message, err := s.takeFlash(w, r, actor)
	if err != nil {
		return s.homeAgain(r.Context(), actor, expense.Draft{}, err)
	}
	home, err := s.service.Home(r.Context(), actor)
	if err != nil {
		return s.homeAgain(r.Context(), actor, expense.Draft{}, err)
	}
	view := s.homeView(home, s.service.Today())
	view.Flash = message
	page, err := s.pages.home.render(view)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, page)
	return nil
}

// homeAgain returns err as one that shows the home page with its form as it was typed. Where the storage is the trouble, or turns
// out to be, the page is the form alone.
func (s *Site) homeAgain(ctx context.Context, actor ledger.Actor, draft expense.Draft, err error) error {
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.Unauthenticated {
		return err // whoever may not see the ledger gets none of it
	}
	return &formError{err: err, again: func(p problem) ([]byte, error) {
		view := s.emptyHome()
		view.Offline = true
		if p.Kind != fault.Unavailable && p.Kind != fault.Internal {
			if home, err := s.service.Home(ctx, actor); err == nil {
				view = s.homeView(home, s.service.Today())
			}
		}
		suggestions := view.Form.Suggestions
		if draft != (expense.Draft{}) {
			view.Form = newFormView(draft, p.Fields)
			view.Form.Suggestions = suggestions
		}
		view.Key = s.keyFor(draft, err)
		view.Title = "Not added"
		if draft == (expense.Draft{}) {
			view.Title = p.Title
		}
		view.Problem = &p
		return s.pages.home.render(view)
	}}
}

// keyFor returns the key for showing a draft's form again. It stays the same, so that sending again what was stored after all adds
// nothing; unless the key itself was refused or has been used for something else.
func (s *Site) keyFor(draft expense.Draft, err error) string {
	_, invalid := expense.ParseKey(draft.Key)
	if invalid != nil || errors.Is(err, fault.Conflict) {
		return string(s.options.NewKey())
	}
	return draft.Key
}

func (s *Site) emptyHome() homeView {
	today := s.service.Today()
	return homeView{
		layout: s.layout("Expenses", "home"),
		Key:    string(s.options.NewKey()),
		Form:   newFormView(expense.Draft{Date: today.String(), Currency: s.service.Currency().Code()}, nil),
		Month:  monthText(today.MonthOf()),
	}
}

func (s *Site) homeView(home expense.Home, today civil.Date) homeView {
	own := s.service.Currency()
	view := s.emptyHome()
	for _, name := range home.Suggestions {
		view.Form.Suggestions = append(view.Form.Suggestions, string(name))
	}
	view.MonthTotal = newTotals(home.Month, own)
	view.AllTime = newTotals(home.AllTime, own)
	view.Days = newDays(home.Newest, today, cursor{})
	view.Older = before(home.Older)
	view.Spent = newSpent(home.Categories, home.Month, own)
	view.Trends = newTrends(home.Trend, today.MonthOf(), own)
	return view
}
