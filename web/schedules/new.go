package schedules

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/schedule"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/problem"
)

// fieldExpense is the field that names the expense which is to repeat.
const fieldExpense = "from"

// newView is the form for a new repeat.
type newView struct {
	page.Layout
	Key     string
	From    string // ID of the expense that is to repeat; empty for none
	There   string // its day
	Form    formView
	Problem *problem.Problem
}

// New answers GET /repeats/new. With an expense's ID in the address the form is filled with what that says.
func (a *Area) New(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	in := a.Words.Of(r)
	draft := schedule.Draft{
		Frequency: string(schedule.Monthly), Every: "1", Start: a.schedules.Today(actor).String(),
		Typed: schedule.Typed{Currency: actor.Ledger.Currency.Code()},
	}
	view := newView{Layout: a.Frame.Layout(in, actor, in.T(titleNew), section), Key: string(a.NewKey())}
	from := r.URL.Query().Get(fieldExpense)
	if from != "" {
		e, err := a.expense(r.Context(), actor, from)
		if err != nil {
			return err
		}
		draft, view.From, view.There = draftLike(in, e), from, in.FullDay(e.Date)
	}
	of, err := a.Payers.Of(r.Context(), in, actor)
	if err != nil {
		return err
	}
	if draft.PaidBy != nil && !of.Has(expense.PayerNumber(*draft.PaidBy)) {
		draft.PaidBy = nil // who has left pays for nothing new
	}
	view.Form = newFormView(in, of, actor.Ledger.Currency, draft, problem.Problem{})
	view.Form.Suggestions = a.names(r.Context(), actor)
	return a.form.Show(w, view)
}

// expense returns the expense that is to repeat, by its ID as an address has it.
func (a *Area) expense(ctx context.Context, actor ledger.Actor, text string) (expense.Expense, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return expense.Expense{}, problem.NotFound(err)
	}
	return a.expenses.Get(ctx, actor, expense.ID(id))
}

// Create answers POST /repeats.
func (a *Area) Create(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if err := form.Read(r); err != nil {
		return err
	}
	draft, from := draftOf(r), r.PostForm.Get(fieldExpense)
	var there civil.Date
	if from != "" {
		switch e, err := a.expense(r.Context(), actor, from); {
		case errors.Is(err, fault.NotFound): // it repeats all the same
		case err != nil:
			return a.newAgain(r, actor, draft, err)
		default:
			there = e.Date
		}
	}
	created, err := a.schedules.Create(r.Context(), actor, draft, there)
	if err != nil {
		return a.newAgain(r, actor, draft, err)
	}
	redirect(w, r, a.added, created.ID)
	return nil
}

// newAgain returns err as one that shows the form again, with what was typed.
func (a *Area) newAgain(r *http.Request, actor ledger.Actor, draft schedule.Draft, err error) error {
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(problem.MaybeChanged(err), func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		var of payer.Company
		if !p.IsOurs() {
			of, _ = a.Payers.Of(ctx, in, actor) // without names it says enough, too
		}
		view := newView{
			Layout: a.Frame.Layout(in, actor, in.T(titleNotAdded), section), Form: newFormView(in, of, actor.Ledger.Currency, draft, p), Problem: &p,
			Key: draft.Key, From: form.Typed(r, fieldExpense),
		}
		if _, invalid := idempotency.ParseKey(draft.Key); invalid != nil || p.Kind == fault.Conflict {
			view.Key = string(a.NewKey()) // with the old one it could never be sent
		}
		if !p.IsOurs() {
			view.Form.Suggestions = a.names(ctx, actor)
		}
		return a.form.Render(view)
	})
}
