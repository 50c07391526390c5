package expenses

import (
	"net/http"
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/problem"
)

// againParameter says which expense the form for a new one is filled with.
const againParameter = "again"

// addAgain returns the address of a form that adds an expense once more, on today's date.
func addAgain(id expense.ID) string {
	return "/add?" + againParameter + "=" + strconv.FormatInt(int64(id), 10)
}

// again answers GET /add?again=17: the first page, with a copy of an expense in its form. Nothing is stored yet.
func (a *Area) again(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, err := strconv.ParseInt(r.URL.Query().Get(againParameter), 10, 64)
	if err != nil || id < 1 {
		return expense.NoSuchExpense("web.again")
	}
	copied, err := a.service.Get(r.Context(), actor, expense.ID(id))
	if err != nil {
		return err
	}
	home, err := a.service.Home(r.Context(), actor)
	if err != nil {
		return err
	}
	in, today := a.Words.Of(r), a.service.Today(actor)
	of, err := a.Payers.Of(r.Context(), in, actor, home.Newest...)
	if err != nil {
		return err
	}
	view := a.homeView(in, actor, of, home, today, nil)
	if err := a.addOthers(r.Context(), in, actor, home, &view); err != nil {
		return err
	}
	draft := draftFrom(copied)
	draft.Price, draft.Date = in.Typed(copied.Price), today.String()
	if !of.Has(copied.PaidBy) {
		draft.PaidBy = nil // who has left pays for nothing new
	}
	suggestions := view.Form.Suggestions
	view.Form = newEntry(in, newFormView(in, of, actor.Ledger.Currency, draft, problem.Problem{}), home.Frequent, today, actor.Ledger.Currency)
	view.Form.Suggestions, view.Form.Price.Focus = suggestions, true
	view.Section, view.Filled = "add", true
	return a.home.Show(w, view)
}
