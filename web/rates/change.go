package rates

import (
	"context"
	"net/http"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/rate"
	"expense-tracker/core/revision"
	"expense-tracker/web/internal/altogether"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// rateView is the page of one rate.
type rateView struct {
	page.Layout
	Name     string // the currency and the day, or what stands for them
	Text     string // the rate as it is stored
	Link     string
	Revision string
	Removed  bool
	Known    bool // what is stored could be read
	Home     string
	Rate     form.Field
	Problem  *problem.Problem
}

// Enter answers POST /rates.
func (a *Area) Enter(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if err := form.Read(r); err != nil {
		return err
	}
	entered, err := a.service.Enter(r.Context(), actor, rate.Draft{
		Currency: r.PostForm.Get(rate.FieldCurrency), Rate: r.PostForm.Get(rate.FieldRate), Date: r.PostForm.Get(rate.FieldDate),
	})
	if err != nil {
		return a.enterAgain(r, actor, problem.MaybeChanged(err))
	}
	a.entered.Redirect(w, r, altogether.Address, int64(entered.ID()))
	return nil
}

// enterAgain shows the page with the form as it was typed.
func (a *Area) enterAgain(r *http.Request, actor ledger.Actor, err error) error {
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		view := a.emptyList(in, actor)
		view.Offline = true
		if !p.IsOurs() {
			stored, failed := a.listView(ctx, in, actor, 0)
			if failed == nil {
				view = stored
			}
		}
		if p.Kind == fault.Conflict {
			p = p.AtField(rate.FieldDate)
		}
		p = labels().Arrange(p)
		view.Form.Currency = typed(r, p, rate.FieldCurrency)
		view.Form.Rate = typed(r, p, rate.FieldRate)
		view.Form.Date = typed(r, p, rate.FieldDate)
		if _, err := civil.ParseDate(view.Form.Date.Value); err != nil && view.Form.Date.Value != "" {
			view.Form.DateType = "text"
		}
		focus := len(p.Fields) > 0
		for _, field := range []*form.Field{&view.Form.Currency, &view.Form.Rate, &view.Form.Date} {
			if focus && field.Error != "" {
				field.Focus, focus = true, false
			}
		}
		view.Problem, view.Title = &p, in.T(titleNotEntered)
		return a.list.Render(view)
	})
}

func typed(r *http.Request, p problem.Problem, field string) form.Field {
	return form.Field{Value: form.Typed(r, field), Error: p.MessageAt(field)}
}

// Show answers GET /rates/{id}.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	view, err := a.rateView(r.Context(), a.Words.Of(r), actor, rate.ID(id))
	if err != nil {
		return err
	}
	return a.rate.Show(w, view)
}

func (a *Area) rateView(ctx context.Context, in *words.Language, actor ledger.Actor, id rate.ID) (rateView, error) {
	stored, err := a.service.Get(ctx, actor, id)
	if err != nil {
		return rateView{}, err
	}
	const of words.Phrase = "%s from %s on"
	view := rateView{
		Layout: a.Frame.Layout(in, actor, in.T(titleRate, stored.Currency), section), Known: true, Removed: stored.Removed, Home: stored.Home,
		Name: in.T(of, stored.Currency, in.Date(stored.Day, a.service.Today(actor))), Text: written(in, stored), Link: addressOf(id),
		Revision: stored.Seen().String(),
	}
	view.Rate.Value = stored.Value.Typed()
	return view, nil
}

// Change answers POST /rates/{id}.
func (a *Area) Change(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.entered, func(id rate.ID, saw revision.Seen) (rate.Rate, error) {
		return a.service.Change(r.Context(), actor, id, saw, r.PostForm.Get(rate.FieldRate))
	})
}

// Remove answers POST /rates/{id}/remove.
func (a *Area) Remove(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.removed, func(id rate.ID, saw revision.Seen) (rate.Rate, error) {
		return a.service.Remove(r.Context(), actor, id, saw)
	})
}

// Restore answers POST /rates/{id}/restore.
func (a *Area) Restore(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.restored, func(id rate.ID, saw revision.Seen) (rate.Rate, error) {
		return a.service.Restore(r.Context(), actor, id, saw)
	})
}

// change reads which rate is meant and what its author saw, and applies the change.
func (a *Area) change(w http.ResponseWriter, r *http.Request, actor ledger.Actor, happened notice.Kind,
	apply func(rate.ID, revision.Seen) (rate.Rate, error)) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	saw, err := form.Saw(r)
	if err == nil {
		_, err = apply(rate.ID(id), saw)
	}
	if err != nil {
		return a.changeAgain(r, actor, rate.ID(id), problem.MaybeChanged(err))
	}
	happened.Redirect(w, r, altogether.Address, id)
	return nil
}

// changeAgain shows the rate as it is now, with the form as it was typed.
func (a *Area) changeAgain(r *http.Request, actor ledger.Actor, id rate.ID, err error) error {
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		view := rateView{
			Layout: a.Frame.Layout(in, actor, in.T(titleUnknown), section), Name: in.T(titleUnknown),
			Link: addressOf(id), Home: actor.Ledger.Currency.Code(),
		}
		if !p.IsOurs() {
			stored, missing := a.rateView(ctx, in, actor, id)
			if missing != nil {
				return a.Problems.Page(p, nil)
			}
			view = stored
		}
		if p.Kind != fault.Conflict {
			view.Revision = form.Typed(r, form.Revision) // what the user saw: other faults must not hide a change of somebody else
		}
		p = labels().Arrange(p)
		if _, sent := r.PostForm[rate.FieldRate]; sent {
			view.Rate = typed(r, p, rate.FieldRate)
			view.Rate.Focus = true
		}
		view.Problem, view.Title = &p, in.T(titleNotEntered)
		return a.rate.Render(view)
	})
}
