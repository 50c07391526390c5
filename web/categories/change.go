package categories

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/problem"
)

// change is what can be done to a category: the one field of its form, and what is said afterwards.
type change struct {
	field    string
	happened notice.Kind
}

// Rename answers POST /categories/{id}/rename.
func (a *Area) Rename(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.renaming, func(id expense.CategoryID) (expense.Category, error) {
		saw, err := form.Saw(r)
		if err != nil {
			return expense.Category{}, err
		}
		return a.service.RenameCategory(r.Context(), actor, id, saw, r.PostForm.Get(expense.FieldCategory))
	})
}

// Merge answers POST /categories/{id}/merge.
func (a *Area) Merge(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.merging, func(id expense.CategoryID) (expense.Category, error) {
		into, err := a.targetOf(r, actor)
		if err != nil {
			return expense.Category{}, err
		}
		saw, err := form.Saw(r)
		if err != nil {
			return expense.Category{}, err
		}
		return a.service.MergeCategory(r.Context(), actor, id, saw, into)
	})
}

// targetOf returns the category that a form says to merge into: the chosen one, or else the one that is named.
func (a *Area) targetOf(r *http.Request, actor ledger.Actor) (expense.CategoryID, error) {
	chosen, name := r.PostForm.Get(expense.FieldInto), r.PostForm.Get(fieldIntoName)
	if chosen == "" && strings.TrimSpace(name) != "" {
		named, err := a.service.CategoryNamed(r.Context(), actor, name)
		return named.ID, err
	}
	into, err := strconv.ParseInt(chosen, 10, 64)
	if err != nil {
		f := fault.Field("web.merge", expense.FieldInto, notChosen)
		f.Err = err
		return 0, f
	}
	return expense.CategoryID(into), nil
}

// change does what renaming and merging have in common.
func (a *Area) change(w http.ResponseWriter, r *http.Request, actor ledger.Actor, what change,
	apply func(expense.CategoryID) (expense.Category, error)) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	category, err := apply(expense.CategoryID(id))
	if err != nil {
		return a.changeAgain(r, actor, expense.CategoryID(id), what, problem.MaybeChanged(err))
	}
	what.happened.Redirect(w, r, listAddress, int64(category.ID))
	return nil
}

// changeAgain returns err as one that shows the category's page again, with what was typed or chosen.
func (a *Area) changeAgain(r *http.Request, actor ledger.Actor, id expense.CategoryID, what change, err error) error {
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		view := categoryView{
			Layout:      a.Frame.Layout(in, in.T(titleCategory), section),
			summaryView: summaryView{Name: in.T(unknownCategory), Link: address.Category(id)},
		}
		if !p.IsOurs() {
			stored, missing := a.categoryView(ctx, in, actor, id)
			if missing != nil {
				return a.Problems.Page(p, nil)
			}
			view = stored
		}
		if p.Kind == fault.Conflict { // it is about the one field that there is
			p = p.AtField(what.field)
		} else {
			view.Revision = form.Typed(r, form.Revision) // what the user saw: other faults must not hide a change of somebody else
		}
		p = labels().Arrange(p)
		mend := form.Field{Error: p.MessageAt(what.field), Focus: true}
		if what == a.renaming {
			mend.Value = form.Typed(r, expense.FieldCategory)
			view.Rename = mend
		} else {
			view.Into = mend
			view.choose(in, r.PostForm.Get(expense.FieldInto))
			view.IntoName = form.Typed(r, fieldIntoName)
		}
		view.Problem = &p
		view.Title = in.T(titleNotChanged)
		return a.category.Render(view)
	})
}
