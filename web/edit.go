package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// editView is the page of one expense: to change it, delete it, or bring it back.
type editView struct {
	layout
	What     string // the expense in a few words
	Path     string // the expense's own address
	Query    string // the place in the list that the user came from, for the way back
	Back     string // its address
	Revision string
	Form     formView
	Problem  *problem
	Stored   *storedView // what is stored now, where it is not what the form shows
	Deleted  bool
	Key      string // where the expense is deleted: for adding the form as a new one
}

// storedView is an expense as it is stored, in words.
type storedView struct {
	Category, Price, Date, Note string
}

// showExpense answers GET /expenses/{id}, for a deleted one too.
func (s *Site) showExpense(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, place, err := expensePlace(r)
	if err != nil {
		return err
	}
	e, err := s.service.Get(r.Context(), actor, id)
	if err != nil {
		return err
	}
	content, err := s.pages.edit.render(s.editView(r.Context(), actor, e, place))
	if err != nil {
		return err
	}
	send(w, http.StatusOK, content)
	return nil
}

// saveExpense answers POST /expenses/{id}.
func (s *Site) saveExpense(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, place, err := expensePlace(r)
	if err != nil {
		return err
	}
	if err := s.readForm(r); err != nil {
		return err
	}
	draft := draftOf(r)
	saw, err := sawOf(r)
	if err == nil {
		_, err = s.service.Edit(r.Context(), actor, id, saw, draft)
	}
	if err != nil {
		return s.editAgain(r, actor, id, place, &draft, explainChange(err))
	}
	redirect(w, r, place.address(), flash{kind: flashSaved, id: int64(id)})
	return nil
}

// editAgain returns err as one that shows the edit page again: with what was typed, if anything was, and beside it what is stored if
// somebody else changed it. What is seen now comes along, so that sending again overwrites knowingly.
func (s *Site) editAgain(r *http.Request, actor ledger.Actor, id expense.ID, place cursor, typed *expense.Draft, err error) error {
	ctx := context.WithoutCancel(r.Context())
	return &formError{err: err, again: func(p problem) ([]byte, error) {
		view := s.blankEdit(id, place)
		view.Revision = r.PostForm.Get(fieldRevision)
		stored, missing := s.storedNow(ctx, actor, id, err)
		if missing == nil {
			view = s.editView(ctx, actor, stored, place)
		} else if typed == nil || errors.Is(missing, fault.NotFound) {
			return s.renderFault(p)
		}
		switch {
		case p.Kind == fault.Conflict && typed == nil:
			p.Text += " Here it is as it is now."
		case p.Kind == fault.Conflict:
			p.Text += " What is stored now is shown first, and what you typed after it: saving replaces the one by the other."
			view.Stored = newStored(stored)
		case missing == nil && !stored.Deleted && typed != nil:
			view.Revision = r.PostForm.Get(fieldRevision) // what the user saw: other faults must not hide a change of somebody else
		}
		if typed != nil {
			suggestions := view.Form.Suggestions
			view.Form = newFormView(*typed, p.Fields)
			view.Form.Suggestions = suggestions
		}
		view.Problem = &p
		view.Title = "Not saved"
		if p.Kind == fault.Unavailable {
			view.Title = "Maybe not saved"
		}
		return s.pages.edit.render(view)
	}}
}

// storedNow reads an expense after a failed change, unless the failure was the storage's.
func (s *Site) storedNow(ctx context.Context, actor ledger.Actor, id expense.ID, failure error) (expense.Expense, error) {
	if kind := fault.KindOf(failure); kind == fault.Unavailable || kind == fault.Internal {
		return expense.Expense{}, failure
	}
	return s.service.Get(ctx, actor, id)
}

func (s *Site) blankEdit(id expense.ID, place cursor) editView {
	return editView{
		layout: s.layout("Edit expense", ""), What: "Expense",
		Path: "/expenses/" + strconv.FormatInt(int64(id), 10), Query: place.query(), Back: place.address(),
	}
}

func (s *Site) editView(ctx context.Context, actor ledger.Actor, e expense.Expense, place cursor) editView {
	view := s.blankEdit(e.ID, place)
	view.What = string(e.Category.Name) + ", " + e.Price.Format()
	view.Revision = e.Seen().String()
	view.Form = newFormView(draftFrom(e), nil)
	view.Form.Suggestions = s.suggestions(ctx, actor)
	if e.Deleted {
		view.Title = "Deleted expense"
		view.Deleted = true
		view.Stored = newStored(e)
		view.Key = string(s.options.NewKey())
	}
	return view
}

// suggestions are the names to choose a category from. They are a comfort: a page does without when they cannot be had.
func (s *Site) suggestions(ctx context.Context, actor ledger.Actor) []string {
	categories, err := s.service.SuggestCategories(ctx, actor)
	if err != nil {
		s.log(ctx, err)
		return nil
	}
	names := make([]string, len(categories))
	for i, c := range categories {
		names[i] = string(c.Name)
	}
	return names
}

func newStored(e expense.Expense) *storedView {
	return &storedView{
		Category: string(e.Category.Name), Price: e.Price.Format(), Date: e.Date.UTC().Format("Monday, 2 January 2006"), Note: e.Note,
	}
}

// expensePlace reads which expense a request is about, and from which place in the list its user came.
func expensePlace(r *http.Request) (expense.ID, cursor, error) {
	id, err := pathID(r)
	if err != nil {
		return 0, cursor{}, err
	}
	place, err := parseCursor(r.URL.Query())
	return expense.ID(id), place, err
}
