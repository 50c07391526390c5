package budgets

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"expense-tracker/core/budget"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/problem"
)

// notChosen is a new budget for nothing.
const notChosen fault.Phrase = "choose what the budget is for"

// draftOf returns the term that a form says.
func draftOf(r *http.Request) budget.Draft {
	return budget.Draft{
		Amount: r.PostForm.Get(budget.FieldAmount), Currency: r.PostForm.Get(budget.FieldCurrency), From: r.PostForm.Get(budget.FieldFrom),
		Carry: r.PostForm.Get(budget.FieldCarry) != "",
	}
}

// Add answers POST /budgets.
func (a *Area) Add(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if err := form.Read(r); err != nil {
		return err
	}
	of, err := a.chosen(r, actor)
	if err == nil {
		_, err = a.service.Set(r.Context(), actor, of, revision.Seen{}, draftOf(r))
	} else if wrong := fault.ViolationsOf(err); wrong != nil { // all that is wrong is said at once
		err = &fault.Error{Kind: fault.Invalid, Op: "web.budget", Violations: wrong, Err: a.service.Check(actor, draftOf(r))}
	}
	if err != nil {
		return a.newAgain(r, actor, problem.MaybeChanged(err))
	}
	a.set.Redirect(w, r, listAddress, rowOf(of))
	return nil
}

// chosen returns what a new budget is for: what the list has, or else the category that is named.
func (a *Area) chosen(r *http.Request, actor ledger.Actor) (budget.CategoryID, error) {
	const op = "web.budget"
	typed, name := r.PostForm.Get(budget.FieldCategory), r.PostForm.Get(fieldNamed)
	switch {
	case typed == everything:
		return budget.Everything, nil
	case typed == "" && strings.TrimSpace(name) != "":
		named, err := a.expenses.CategoryNamed(r.Context(), actor, name)
		if violations := fault.ViolationsOf(err); len(violations) > 0 {
			return 0, &fault.Error{Kind: fault.Invalid, Op: op, Err: nil,
				Violations: []fault.Violation{{Field: budget.FieldCategory, Message: violations[0].Message}}}
		}
		return budget.CategoryID(named.ID), err
	}
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || id < 1 {
		f := fault.Field(op, budget.FieldCategory, notChosen)
		f.Err = err
		return 0, f
	}
	return budget.CategoryID(id), nil
}

// newAgain returns err as one that shows the form for a new budget again, as it was typed.
func (a *Area) newAgain(r *http.Request, actor ledger.Actor, err error) error {
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		view := budgetView{Layout: a.Frame.Layout(in, actor, in.T(titleNew), section), Action: listAddress, Back: listAddress}
		if !p.IsOurs() {
			stored, missing := a.newView(ctx, in, actor)
			if missing != nil || p.Kind == fault.NotFound {
				return a.Problems.Page(p, nil)
			}
			view = stored
		}
		if p.Kind == fault.Conflict {
			p = p.AtField(budget.FieldCategory)
		}
		p = labels().Arrange(p)
		chosen := r.PostForm.Get(budget.FieldCategory)
		view.Form = newForm(in, actor.Ledger.Currency, draftOf(r), chosen, p)
		view.choose(chosen)
		view.Named = form.Typed(r, fieldNamed)
		view.Problem, view.Title = &p, in.T(titleNotSet)
		return a.one.Render(view)
	})
}

// choose marks what was chosen, also where it is not offered, so that it is not lost.
func (v *budgetView) choose(id string) {
	for i := range v.Targets {
		if v.Targets[i].ID == id {
			v.Targets[i].Chosen = true
			return
		}
	}
	if number, err := strconv.ParseInt(id, 10, 64); err == nil && number > 0 || id == everything {
		v.Targets = append(v.Targets, targetView{ID: id, Name: id, Chosen: true})
	}
}

// Save answers POST /budgets/{id}.
func (a *Area) Save(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	of, err := inPath(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	saw, err := sawBudget(r)
	if err == nil {
		_, err = a.service.Set(r.Context(), actor, of, saw, draftOf(r))
	}
	if err != nil {
		return a.again(r, actor, of, false, problem.MaybeChanged(err))
	}
	a.set.Redirect(w, r, listAddress, rowOf(of))
	return nil
}

// End answers POST /budgets/{id}/end.
func (a *Area) End(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	of, err := inPath(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	saw, err := form.Saw(r)
	if err == nil {
		_, err = a.service.End(r.Context(), actor, of, saw, r.PostForm.Get(fieldEndFrom))
	}
	if err != nil {
		return a.again(r, actor, of, true, problem.MaybeChanged(err))
	}
	a.ended.Redirect(w, r, listAddress, rowOf(of))
	return nil
}

// Copy answers POST /budgets/copy.
func (a *Area) Copy(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	copied, err := a.service.Copy(r.Context(), actor)
	if err != nil {
		return problem.MaybeChanged(err)
	}
	if copied == 0 {
		w.Header().Set("Location", listAddress)
		w.WriteHeader(http.StatusSeeOther)
		return nil
	}
	a.copied.Redirect(w, r, listAddress, int64(copied))
	return nil
}

// sawBudget returns what a form's author saw; the zero Seen if that was no budget.
func sawBudget(r *http.Request) (revision.Seen, error) {
	if r.PostForm.Get(form.Revision) == "" {
		return revision.Seen{}, nil
	}
	return form.Saw(r)
}

// again returns err as one that shows the budget's page again, with what was typed. What is seen now comes along after a conflict, so
// that sending again overwrites knowingly.
func (a *Area) again(r *http.Request, actor ledger.Actor, of budget.CategoryID, ending bool, err error) error {
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		view := budgetView{
			Layout: a.Frame.Layout(in, actor, in.T(unknownBudget), section), Name: in.T(unknownBudget), Action: addressOf(of), Back: listAddress,
			Open: ending, EndType: monthType(""), Form: newForm(in, actor.Ledger.Currency, budget.Draft{}, "", problem.Problem{}),
		}
		if !p.IsOurs() {
			stored, missing := a.budgetView(ctx, in, actor, of)
			if missing != nil || errors.Is(err, fault.NotFound) {
				return a.Problems.Page(p, nil)
			}
			view = stored
		}
		if p.Kind == fault.Conflict {
			p = p.AtField(map[bool]string{true: fieldEndFrom, false: budget.FieldAmount}[ending])
		} else if typed := form.Typed(r, form.Revision); typed != "" {
			view.Revision = typed // what the user saw: other faults must not hide a change of somebody else
		}
		if ending {
			for i := range p.Fields {
				if p.Fields[i].Name == budget.FieldFrom {
					p.Fields[i].Name = fieldEndFrom
				}
			}
			p = labels().Arrange(p)
			view.EndFrom = form.Field{Value: form.Typed(r, fieldEndFrom), Error: p.MessageAt(fieldEndFrom), Focus: true}
			view.EndType = monthType(view.EndFrom.Value)
		} else {
			p = labels().Arrange(p)
			view.Form = newForm(in, actor.Ledger.Currency, draftOf(r), "", p)
		}
		view.Problem, view.Title = &p, in.T(titleNotSet)
		return a.one.Render(view)
	})
}
