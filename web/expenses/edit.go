package expenses

import (
	"context"
	"errors"
	"net/http"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// editView is the page of one expense: to change it, delete it, or bring it back.
type editView struct {
	page.Layout
	What     string // the expense in a few words
	AddedBy  string // who added it; empty where one user is all there is
	Path     string // the expense's own address
	Repeat   string // where to make it repeat
	Query    string // the place in the list that the user came from, for the way back
	Back     string // its address
	Revision string
	Form     formView
	Problem  *problem.Problem
	Stored   *storedView // what is stored now, where it is not what the form shows
	Clash    *clashView  // in place of the form, where two people changed the same
	History  *historyView
	Again    string // address of a form that is filled with the same
	Deleted  bool
	Key      string // where the expense is deleted: for adding the form as a new one
}

// storedView is an expense as it is stored, in words.
type storedView struct {
	Category, Price, Date, Payee, Note, Tags string
	PaidBy                                   string // empty where nobody has said, and where one user is all there is
}

// Show answers GET /expenses/{id}, for a deleted one too.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, place, err := expensePlace(r)
	if err != nil {
		return err
	}
	e, err := a.service.Get(r.Context(), actor, id)
	if err != nil {
		return err
	}
	in := a.Words.Of(r)
	of, err := a.Payers.Of(r.Context(), in, actor, e)
	if err != nil {
		return err
	}
	view := a.editView(r.Context(), in, actor, of, e, place)
	if view.History, err = a.history(r, in, actor, e.ID, place); err != nil {
		return err
	}
	if !a.People.IsAlone() && e.AddedBy != 0 {
		name, err := a.People.Of(r.Context(), in, e.AddedBy)
		if err != nil {
			return err
		}
		view.AddedBy = in.T(addedBy, name(e.AddedBy))
	}
	return a.edit.Show(w, view)
}

// Save answers POST /expenses/{id}.
func (a *Area) Save(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, place, err := expensePlace(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	draft := chosenOf(r)
	saw, err := form.Saw(r)
	var saved expense.Expense
	if err == nil {
		saved, err = a.service.Edit(r.Context(), actor, id, saw, draft)
	}
	if err != nil {
		return a.editAgain(r, actor, id, place, &draft, problem.MaybeChanged(err))
	}
	happened := a.notices.saved
	if saved.Revision > saw.Revision+1 {
		happened = a.notices.merged
	}
	happened.Redirect(w, r, place.address()+row.Anchor(id), int64(id))
	return nil
}

// editAgain returns err as one that shows the edit page again: with what was typed, if anything was, and beside it what is stored if
// somebody else changed it. What is seen now comes along, so that sending again overwrites knowingly.
func (a *Area) editAgain(r *http.Request, actor ledger.Actor, id expense.ID, place cursor, typed *expense.Draft, err error) error {
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	var of payer.Company
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		view := a.blankEdit(in, actor, id, place)
		view.Revision = form.Typed(r, form.Revision)
		stored, missing := a.storedNow(ctx, actor, id, err)
		if missing == nil {
			of, _ = a.Payers.Of(ctx, in, actor, payersOf(stored, err)...) // without names it says enough, too
			view = a.editView(ctx, in, actor, of, stored, place)
		} else if typed == nil || errors.Is(missing, fault.NotFound) {
			return a.Problems.Page(p, nil)
		}
		var clash *expense.Clash
		switch {
		case errors.As(err, &clash):
			p.Add(chooseOne)
			view.Clash, view.Revision = newClash(in, of, clash), clash.Now.Seen().String()
		case p.Kind == fault.Conflict && typed == nil:
			p.Add(hereAsItIsNow)
		case p.Kind == fault.Conflict:
			p.Add(storedAndTyped)
			view.Stored = newStored(in, of, stored)
		case missing == nil && !stored.Deleted && typed != nil:
			view.Revision = form.Typed(r, form.Revision) // what the user saw: other faults must not hide a change of somebody else
		}
		if typed != nil {
			suggestions := view.Form.Suggestions
			view.Form = newFormView(in, of, actor.Ledger.Currency, *typed, p)
			view.Form.Suggestions = suggestions
		}
		view.Problem = &p
		view.Title = in.T(titleNotSaved)
		if p.Kind == fault.Unavailable {
			view.Title = in.T(titleMaybeNotSaved)
		}
		return a.edit.Render(view)
	})
}

// storedNow reads an expense after a failed change, unless the failure was the storage's.
func (a *Area) storedNow(ctx context.Context, actor ledger.Actor, id expense.ID, failure error) (expense.Expense, error) {
	if kind := fault.KindOf(failure); kind == fault.Unavailable || kind == fault.Internal {
		return expense.Expense{}, failure
	}
	return a.service.Get(ctx, actor, id)
}

func (a *Area) blankEdit(in *words.Language, actor ledger.Actor, id expense.ID, place cursor) editView {
	return editView{
		Layout: a.Frame.Layout(in, actor, in.T(titleEdit), ""), What: in.T(unknownExpense),
		Path: row.Address(id), Repeat: address.RepeatOf(id), Query: place.Query(), Back: place.address(),
	}
}

func (a *Area) editView(
	ctx context.Context, in *words.Language, actor ledger.Actor, of payer.Company, e expense.Expense, place cursor,
) editView {
	view := a.blankEdit(in, actor, e.ID, place)
	view.What = string(e.Category.Name) + ", " + in.Amount(e.Spent())
	view.Revision = e.Seen().String()
	view.Again = addAgain(e.ID)
	draft := draftFrom(e)
	draft.Price = in.Typed(e.Price)
	view.Form = newFormView(in, of, actor.Ledger.Currency, draft, problem.Problem{})
	view.Form.Suggestions = a.suggestions(ctx, actor)
	if e.Deleted || !view.CanEdit {
		view.Stored = newStored(in, of, e)
	}
	if e.Deleted {
		view.Title = in.T(titleDeleted)
		view.Deleted = true
		view.Key = string(a.NewKey())
	}
	return view
}

// suggestions are the names to choose a category from. They are a comfort: a page does without when they cannot be had.
func (a *Area) suggestions(ctx context.Context, actor ledger.Actor) []string {
	categories, err := a.service.SuggestCategories(ctx, actor)
	if err != nil {
		a.Problems.Log(ctx, err)
		return nil
	}
	return names(categories)
}

// payersOf returns the expenses whose payers a page after a failed change may name.
func payersOf(stored expense.Expense, err error) []expense.Expense {
	var clash *expense.Clash
	if errors.As(err, &clash) {
		return []expense.Expense{stored, clash.Stored, clash.Mine}
	}
	return []expense.Expense{stored}
}

func newStored(in *words.Language, of payer.Company, e expense.Expense) *storedView {
	return &storedView{
		Category: string(e.Category.Name), Price: in.Amount(e.Spent()), Date: in.FullDay(e.Date), Note: e.Note,
		Payee: e.Payee, Tags: e.Tags.Typed(), PaidBy: of.Name(e.PaidBy),
	}
}

// expensePlace reads which expense a request is about, and from which place in the list its user came.
func expensePlace(r *http.Request) (expense.ID, cursor, error) {
	id, err := form.ID(r)
	if err != nil {
		return 0, cursor{}, err
	}
	place, err := parseCursor(r.URL.Query())
	return expense.ID(id), place, err
}
