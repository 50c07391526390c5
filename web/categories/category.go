package categories

import (
	"context"
	"net/http"
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// fieldIntoName is the field of a merge that names a category which the list of them does not offer.
const fieldIntoName = "into_name"

// categoryView is the page of one category: to rename it, or merge it into another.
type categoryView struct {
	page.Layout
	summaryView
	Revision string // of the category, as the forms' author sees it
	Rename   form.Field
	Into     form.Field
	Targets  []targetView
	More     bool   // there may be more targets than are offered: then one can be named
	IntoName string // the name as it was typed
	Problem  *problem.Problem
}

// targetView is a category that another can be merged into.
type targetView struct {
	ID     string
	Name   string
	Chosen bool
}

// Show answers GET /categories/{id}.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	view, err := a.categoryView(r.Context(), a.Words.Of(r), actor, expense.CategoryID(id))
	if err != nil {
		return err
	}
	return a.category.Show(w, view)
}

func (a *Area) categoryView(ctx context.Context, in *words.Language, actor ledger.Actor, id expense.CategoryID) (categoryView, error) {
	summary, err := a.service.Category(ctx, actor, id)
	if err != nil {
		return categoryView{}, err
	}
	view := categoryView{summaryView: newSummary(in, summary, actor.Ledger.Currency)}
	view.Layout = a.Frame.Layout(in, view.Name, section)
	view.Rename.Value = view.Name
	view.Revision = summary.Seen().String()
	targets, err := a.service.SuggestCategories(ctx, actor)
	if err != nil {
		return categoryView{}, err
	}
	view.More = len(targets) >= expense.MaxSuggestions
	for _, c := range targets {
		if c.ID != id {
			view.Targets = append(view.Targets, targetView{ID: strconv.FormatInt(int64(c.ID), 10), Name: string(c.Name)})
		}
	}
	return view, nil
}

// choose marks a target, also one that is not offered, so that it is not lost where there is no list.
func (v *categoryView) choose(in *words.Language, id string) {
	for i := range v.Targets {
		if v.Targets[i].ID == id {
			v.Targets[i].Chosen = true
			return
		}
	}
	if number, err := strconv.ParseInt(id, 10, 64); err == nil && v.Targets == nil {
		v.Targets = []targetView{{ID: strconv.FormatInt(number, 10), Name: in.T(chosenCategory), Chosen: true}}
	}
}
