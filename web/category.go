package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// fieldIntoName is the field of a merge that names a category which the list of them does not offer.
const fieldIntoName = "into_name"

// categoryPageView is the page of one category: to rename it, or merge it into another.
type categoryPageView struct {
	layout
	categoryView
	Revision string // of the category, as the forms' author sees it
	Rename   fieldView
	Into     fieldView
	Targets  []targetView
	More     bool   // there may be more targets than are offered: then one can be named
	IntoName string // the name as it was typed
	Problem  *problem
}

// targetView is a category that another can be merged into.
type targetView struct {
	ID     string
	Name   string
	Chosen bool
}

// showCategory answers GET /categories/{id}.
func (s *Site) showCategory(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	view, err := s.categoryPage(r.Context(), actor, expense.CategoryID(id))
	if err != nil {
		return err
	}
	content, err := s.pages.category.render(view)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, content)
	return nil
}

// renameCategory answers POST /categories/{id}/rename.
func (s *Site) renameCategory(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return s.changeCategory(w, r, actor, flashRenamed, func(id expense.CategoryID) (expense.Category, error) {
		saw, err := sawOf(r)
		if err != nil {
			return expense.Category{}, err
		}
		return s.service.RenameCategory(r.Context(), actor, id, saw, r.PostForm.Get(expense.FieldCategory))
	})
}

// mergeCategory answers POST /categories/{id}/merge.
func (s *Site) mergeCategory(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return s.changeCategory(w, r, actor, flashMerged, func(id expense.CategoryID) (expense.Category, error) {
		into, err := s.targetOf(r, actor)
		if err != nil {
			return expense.Category{}, err
		}
		saw, err := sawOf(r)
		if err != nil {
			return expense.Category{}, err
		}
		return s.service.MergeCategory(r.Context(), actor, id, saw, into)
	})
}

// targetOf returns the category that a form says to merge into: the chosen one, or else the one that is named.
func (s *Site) targetOf(r *http.Request, actor ledger.Actor) (expense.CategoryID, error) {
	chosen, name := r.PostForm.Get(expense.FieldInto), r.PostForm.Get(fieldIntoName)
	if chosen == "" && strings.TrimSpace(name) != "" {
		named, err := s.service.CategoryNamed(r.Context(), actor, name)
		return named.ID, err
	}
	into, err := strconv.ParseInt(chosen, 10, 64)
	if err != nil {
		f := fault.Field("web.merge", expense.FieldInto, "choose a category to merge into")
		f.Err = err
		return 0, f
	}
	return expense.CategoryID(into), nil
}

// changeCategory does what renaming and merging have in common.
func (s *Site) changeCategory(w http.ResponseWriter, r *http.Request, actor ledger.Actor, kind string,
	change func(expense.CategoryID) (expense.Category, error)) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := s.readForm(r); err != nil {
		return err
	}
	category, err := change(expense.CategoryID(id))
	if err != nil {
		return s.categoryAgain(r, actor, expense.CategoryID(id), kind, explainChange(err))
	}
	redirect(w, r, "/categories", flash{kind: kind, id: int64(category.ID)})
	return nil
}

// categoryAgain returns err as one that shows the category's page again, with what was typed or chosen.
func (s *Site) categoryAgain(r *http.Request, actor ledger.Actor, id expense.CategoryID, kind string, err error) error {
	ctx := context.WithoutCancel(r.Context())
	return &formError{err: err, again: func(p problem) ([]byte, error) {
		view := categoryPageView{
			layout: s.layout("Category", "categories"), categoryView: categoryView{Name: "Category", Link: categoryAddress(id)},
		}
		if p.Kind != fault.Unavailable && p.Kind != fault.Internal {
			stored, missing := s.categoryPage(ctx, actor, id)
			if missing != nil {
				return s.renderFault(p)
			}
			view = stored
		}
		if p.Kind != fault.Conflict {
			view.Revision = r.PostForm.Get(fieldRevision) // what the user saw: other faults must not hide a change of somebody else
		}
		p = placeAtField(p, kind)
		if kind == flashRenamed {
			view.Rename = fieldView{
				Value: strings.ToValidUTF8(r.PostForm.Get(expense.FieldCategory), "\uFFFD"), Error: messageAt(p.Fields, expense.FieldCategory), Focus: true,
			}
		} else {
			view.Into = fieldView{Error: messageAt(p.Fields, expense.FieldInto), Focus: true}
			view.choose(r.PostForm.Get(expense.FieldInto))
			view.IntoName = strings.ToValidUTF8(r.PostForm.Get(fieldIntoName), "\uFFFD")
		}
		view.Problem = &p
		view.Title = "Not changed"
		return s.pages.category.render(view)
	}}
}

// placeAtField gives a conflict, which is about the one field there is, a place on the page.
func placeAtField(p problem, kind string) problem {
	if p.Kind != fault.Conflict {
		return p
	}
	field := expense.FieldCategory
	if kind == flashMerged {
		field = expense.FieldInto
	}
	p.Fields = append(p.Fields, fault.Violation{Field: field, Message: p.Text})
	p.Title, p.Text = words(fault.Invalid)
	return p
}

// choose marks a target, also one that is not offered, so that it is not lost where there is no list.
func (v *categoryPageView) choose(id string) {
	for i := range v.Targets {
		if v.Targets[i].ID == id {
			v.Targets[i].Chosen = true
			return
		}
	}
	if number, err := strconv.ParseInt(id, 10, 64); err == nil && v.Targets == nil {
		v.Targets = []targetView{{ID: strconv.FormatInt(number, 10), Name: "the category that you chose", Chosen: true}}
	}
}

func (s *Site) categoryPage(ctx context.Context, actor ledger.Actor, id expense.CategoryID) (categoryPageView, error) {
	summary, err := s.service.Category(ctx, actor, id)
	if err != nil {
		return categoryPageView{}, err
	}
	view := categoryPageView{categoryView: newCategoryView(summary, s.service.Currency())}
	view.layout = s.layout(view.Name, "categories")
	view.Rename.Value = view.Name
	view.Revision = summary.Seen().String()
	targets, err := s.service.SuggestCategories(ctx, actor)
	if err != nil {
		return categoryPageView{}, err
	}
	view.More = len(targets) >= expense.MaxSuggestions
	for _, c := range targets {
		if c.ID != id {
			view.Targets = append(view.Targets, targetView{ID: strconv.FormatInt(int64(c.ID), 10), Name: string(c.Name)})
		}
	}
	return view, nil
}
