package categories

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/row"
)

// Rename answers POST /categories/{id}/rename.
func (a *Area) Rename(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.renaming, func(id expense.CategoryID, saw revision.Seen) (outcome, error) {
		return leaves(a.service.RenameCategory(r.Context(), actor, id, saw, r.PostForm.Get(expense.FieldCategory)))
	})
}

// Look answers POST /categories/{id}/look.
func (a *Area) Look(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.looking, func(id expense.CategoryID, saw revision.Seen) (outcome, error) {
		before, err := a.service.Category(r.Context(), actor, id)
		isSeen := err == nil && before.Revision == saw.Revision // else the change finds out what is wrong
		done, err := leaves(a.service.SetCategoryLook(r.Context(), actor, id, saw, r.PostForm.Get(expense.FieldColour),
			r.PostForm.Get(expense.FieldIcon)))
		if isSeen {
			done.was = lookBefore(before.Category, saw)
		}
		return done, err
	})
}

// Archive answers POST /categories/{id}/archive.
func (a *Area) Archive(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.archiving, func(id expense.CategoryID, saw revision.Seen) (outcome, error) {
		return leaves(a.service.ArchiveCategory(r.Context(), actor, id, saw, true))
	})
}

// Restore answers POST /categories/{id}/restore, which brings an archived one back.
func (a *Area) Restore(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.restoring, func(id expense.CategoryID, saw revision.Seen) (outcome, error) {
		return leaves(a.service.ArchiveCategory(r.Context(), actor, id, saw, false))
	})
}

// Remove answers POST /categories/{id}/remove. Nothing is left of the category, so the list of all follows.
func (a *Area) Remove(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.removing, func(id expense.CategoryID, saw revision.Seen) (outcome, error) {
		return outcome{was: removedFrom(actor.Ledger.ID, saw)}, a.service.RemoveCategory(r.Context(), actor, id, saw)
	})
}

// Merge answers POST /categories/{id}/merge.
func (a *Area) Merge(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.merging, func(id expense.CategoryID, saw revision.Seen) (outcome, error) {
		into, err := a.targetOf(r, actor)
		if err != nil {
			return outcome{}, err
		}
		return leaves(a.service.MergeCategory(r.Context(), actor, id, saw, into))
	})
}

// Undo answers POST /categories/{id}/undo: it takes back the rename, the merge or the removal that the page before told of.
func (a *Area) Undo(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.undoing, func(id expense.CategoryID, saw revision.Seen) (outcome, error) {
		return leaves(a.service.UndoCategory(r.Context(), actor, id, saw))
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

// change is what can be done to a category: the form that asks for it, and what is said afterwards.
type change struct {
	form     string // by the field that it is about; empty for a mere button
	happened notice.Kind
}

// outcome is what a change has left.
type outcome struct {
	left expense.Category // its page follows, or else the list of all
	was  string           // what an undo has to know of before; see notice.Kind
}

// leaves is the outcome of a change whose undo has to know nothing.
func leaves(left expense.Category, err error) (outcome, error) { return outcome{left: left}, err }

// change makes a change of a category as its author saw it, and leads to the page of the category that is left, or else to the list. The
// notice there is of the category that was changed.
func (a *Area) change(w http.ResponseWriter, r *http.Request, actor ledger.Actor, what change,
	apply func(expense.CategoryID, revision.Seen) (outcome, error)) error {
	number, err := form.ID(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	id := expense.CategoryID(number)
	saw, err := form.Saw(r)
	var done outcome
	if err == nil {
		done, err = apply(id, saw)
	}
	if err != nil {
		return a.changeAgain(r, actor, id, what, problem.MaybeChanged(err))
	}
	next := listAddress
	if done.left.ID != 0 {
		next = address.Category(done.left.ID)
	}
	what.happened.RedirectFrom(w, r, next, number, done.was)
	return nil
}

// changeAgain returns err as one that shows the category's page again, with what was typed or chosen. A mere button is shown once more
// where the fault is ours, as the site does with every form.
func (a *Area) changeAgain(r *http.Request, actor ledger.Actor, id expense.CategoryID, what change, err error) error {
	if problem.IsOurs(err) && what.form == "" {
		return err
	}
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		view := categoryView{
			Layout: a.Frame.Layout(in, actor, in.T(titleCategory), section), Name: in.T(unknownCategory),
			Tile: row.Tile{Colour: "rest", Mark: "…"}, Manage: blankManage(in, actor, id),
		}
		if !p.IsOurs() {
			stored, missing := a.categoryView(ctx, in, actor, spot{id: id})
			if missing != nil {
				return a.Problems.Page(p, nil)
			}
			view = stored
		}
		if p.Kind != fault.Conflict {
			view.Manage.Revision = form.Typed(r, form.Revision) // what the user saw: other faults must not hide a change of somebody else
		} else if what.form == a.renaming.form || what.form == a.merging.form { // it is about the one field that there is
			p = p.AtField(what.form)
		}
		p = labels().Arrange(p)
		view.Manage.Open = true
		view.Manage.typeAgain(in, r, p, what.form)
		view.Problem = &p
		view.Title = in.T(titleNotChanged)
		return a.category.Render(view)
	})
}
