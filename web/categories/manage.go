package categories

import (
	"context"
	"net/http"
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// fieldIntoName is the field of a merge that names a category which the list of them does not offer.
const fieldIntoName = "into_name"

// manageView is what can be done to a category.
type manageView struct {
	LedgerID ledger.ID // which its forms bring along
	Link     string
	Name     string
	Open     bool
	Form     string // the only form that is shown, by the field that it is about; empty for all
	Revision string // of the category, as the forms' author sees it
	Rename   form.Field
	Colours  []colourView
	Colour   form.Field // what is wrong about it
	Icon     form.Field
	Into     form.Field
	Targets  []targetView
	More     bool   // there may be more targets than are offered: then one can be named
	IntoName string // the name as it was typed
	Archived bool
	Unused   bool // no expense of a list has it
}

// colourView is a colour to choose.
type colourView struct {
	Value  string
	Name   string
	Chosen bool
}

// targetView is a category that another can be merged into.
type targetView struct {
	ID     string
	Name   string
	Chosen bool
}

func (a *Area) manageView(
	ctx context.Context, in *words.Language, actor ledger.Actor, of expense.CategorySummary,
) (manageView, error) {
	view := blankManage(in, actor, of.Category.ID)
	view.Name, view.Rename.Value = string(of.Category.Name), string(of.Category.Name)
	view.Icon.Value = of.Category.Icon
	view.Revision, view.Archived, view.Unused = of.Seen().String(), of.Category.Archived, len(of.Totals) == 0
	view.chooseColour(string(of.Category.Colour))
	targets, err := a.service.SuggestCategories(ctx, actor)
	if err != nil {
		return manageView{}, err
	}
	view.More = len(targets) >= expense.MaxSuggestions
	for _, c := range targets {
		if c.ID != of.Category.ID {
			view.Targets = append(view.Targets, targetView{ID: strconv.FormatInt(int64(c.ID), 10), Name: string(c.Name)})
		}
	}
	return view, nil
}

// blankManage is what can be done to a category that cannot be read now.
func blankManage(in *words.Language, actor ledger.Actor, id expense.CategoryID) manageView {
	view := manageView{LedgerID: actor.Ledger.ID, Link: address.Category(id)}
	for _, c := range expense.Colours() {
		view.Colours = append(view.Colours, colourView{Value: string(c), Name: nameOf(in, c)})
	}
	return view
}

func (v *manageView) chooseColour(name string) {
	for i := range v.Colours {
		v.Colours[i].Chosen = v.Colours[i].Value == name
	}
}

// typeAgain shows a form as it was sent, with what is wrong. Where the category cannot be read, it is the only one.
func (v *manageView) typeAgain(in *words.Language, r *http.Request, p problem.Problem, sent string) {
	if v.Name == "" {
		v.Form = sent
	}
	switch sent {
	case expense.FieldCategory:
		v.Rename = form.Field{Value: form.Typed(r, expense.FieldCategory), Error: p.MessageAt(sent), Focus: true}
	case expense.FieldIcon:
		v.chooseColour(form.Typed(r, expense.FieldColour))
		v.Colour.Error = p.MessageAt(expense.FieldColour)
		v.Icon = form.Field{Value: form.Typed(r, expense.FieldIcon), Error: p.MessageAt(sent), Focus: true}
	case expense.FieldInto:
		v.Into = form.Field{Error: p.MessageAt(sent), Focus: true}
		v.choose(in, r.PostForm.Get(expense.FieldInto))
		v.IntoName = form.Typed(r, fieldIntoName)
	}
}

// choose marks a target, also one that is not offered, so that it is not lost where there is no list.
func (v *manageView) choose(in *words.Language, id string) {
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

// nameOf returns how people call a colour.
func nameOf(in *words.Language, c expense.Colour) string {
	const (
		leaf   words.Phrase = "Leaf green"
		teal   words.Phrase = "Teal"
		sky    words.Phrase = "Sky blue"
		blue   words.Phrase = "Blue"
		violet words.Phrase = "Violet"
		plum   words.Phrase = "Plum"
		rose   words.Phrase = "Rose"
		brick  words.Phrase = "Brick red"
		orange words.Phrase = "Orange"
		honey  words.Phrase = "Honey"
		olive  words.Phrase = "Olive"
		cocoa  words.Phrase = "Cocoa"
	)
	names := map[expense.Colour]words.Phrase{
		"leaf": leaf, "teal": teal, "sky": sky, "blue": blue, "violet": violet, "plum": plum,
		"rose": rose, "brick": brick, "orange": orange, "honey": honey, "olive": olive, "cocoa": cocoa,
	}
	if name, ok := names[c]; ok {
		return in.T(name)
	}
	return string(c)
}
