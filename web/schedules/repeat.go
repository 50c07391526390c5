package schedules

import (
	"context"
	"net/http"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/repeat"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// repeatView is the page of one repeat.
type repeatView struct {
	page.Layout
	Name     string
	Tile     row.Tile
	Path     string // the repeat's own address
	Revision string
	Price    string
	About    string
	Next     string // the next date; empty if there is none
	Paused   string // since when it rests; empty if it does not
	Ended    bool
	Until    string // its last day; empty if it has none
	PaidBy   string // who pays; empty where nobody has said, and where one user is all there is
	Made     string // how many expenses it has made
	Later    []laterView
	Skipped  []skippedView
	Form     formView
	From     form.Field // of another amount
	FromType string
	Amount   form.Field
	Problem  *problem.Problem

	company payer.Company // who shares the ledger
}

// skippedView is a date that is skipped: as the form sends it, and as people read it.
type skippedView struct{ Date, Day string }

// laterView is an amount that is to come.
type laterView struct{ From, Price string }

// Show answers GET /repeats/{id}.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	view, err := a.view(r.Context(), a.Words.Of(r), actor, schedule.ID(id))
	if err != nil {
		return err
	}
	return a.repeat.Show(w, view)
}

func (a *Area) view(ctx context.Context, in *words.Language, actor ledger.Actor, id schedule.ID) (repeatView, error) {
	s, err := a.schedules.Get(ctx, actor, id)
	if err != nil {
		return repeatView{}, err
	}
	of, err := a.Payers.With(ctx, in, actor, s.Spending.PaidBy)
	if err != nil {
		return repeatView{}, err
	}
	category, today := a.known(ctx, actor, s).Of(s), a.schedules.Today(actor)
	view := repeatView{
		Name: repeat.Name(s, category), Tile: row.TileOf(category), Path: repeat.Address(id), Revision: s.Seen().String(),
		Price: in.Amount(repeat.Spent(s, s.Price())), About: ruleText(in, s.Rule), Until: until(in, s.Rule, today),
		Made: in.N("%d expense made", "%d expenses made", s.Progress.Made), Ended: s.HasEnded(),
		Form: newFormView(in, of, actor.Ledger.Currency, draftFrom(in, s, category), problem.Problem{}), FromType: "date",
		PaidBy: of.Name(s.Spending.PaidBy), company: of,
	}
	view.Layout = a.Frame.Layout(in, actor, view.Name, section)
	view.Form.Suggestions = a.names(ctx, actor)
	if next, ok := s.NextDue(); ok {
		view.Next, view.From.Value = in.FullDay(next), next.String()
	}
	if since, paused := s.PausedOn(); paused {
		view.Paused = in.FullDay(since)
	}
	for _, p := range s.Prices {
		if p.From.Compare(s.Progress.To) > 0 {
			view.Later = append(view.Later, laterView{From: in.ShortDay(p.From, today), Price: in.Amount(repeat.Spent(s, p.Price))})
		}
	}
	for _, skip := range s.Skips() {
		view.Skipped = append(view.Skipped, skippedView{skip.String(), in.ShortDay(skip, today)})
	}
	return view, nil
}

// Save answers POST /repeats/{id}.
func (a *Area) Save(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.saved, func(ctx context.Context, id schedule.ID, saw revision.Seen) (schedule.Schedule, error) {
		return a.schedules.Edit(ctx, actor, id, saw, draftOf(r))
	}, func(in *words.Language, view *repeatView, p *problem.Problem) {
		suggestions := view.Form.Suggestions
		view.Form = newFormView(in, view.company, actor.Ledger.Currency, draftOf(r), *p)
		view.Form.Suggestions = suggestions
	})
}

// newPriceID is where the page has the field of another amount.
const newPriceID = "new-price"

// SetPrice answers POST /repeats/{id}/amount.
func (a *Area) SetPrice(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.priced, func(ctx context.Context, id schedule.ID, saw revision.Seen) (schedule.Schedule, error) {
		return a.schedules.SetPrice(ctx, actor, id, saw, r.PostForm.Get(schedule.FieldFrom), r.PostForm.Get(schedule.FieldPrice))
	}, func(_ *words.Language, view *repeatView, p *problem.Problem) {
		view.FromType = dateType(r.PostForm.Get(schedule.FieldFrom))
		fill(*p, []shownField{
			{&view.Amount, schedule.FieldPrice, r.PostForm.Get(schedule.FieldPrice)},
			{&view.From, schedule.FieldFrom, r.PostForm.Get(schedule.FieldFrom)},
		})
		for i := range p.Fields {
			if p.Fields[i].Name == schedule.FieldPrice {
				p.Fields[i].Name = newPriceID // the page's other form has the price
			}
		}
	})
}

// step is what a button does to a repeat.
type step func(context.Context, ledger.Actor, schedule.ID, revision.Seen) (schedule.Schedule, error)

// Pause answers POST /repeats/{id}/pause.
func (a *Area) Pause(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.press(w, r, actor, a.paused, a.schedules.Pause)
}

// Resume answers POST /repeats/{id}/resume.
func (a *Area) Resume(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.press(w, r, actor, a.resumed, a.schedules.Resume)
}

// Skip answers POST /repeats/{id}/skip.
func (a *Area) Skip(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.press(w, r, actor, a.skipped, a.schedules.Skip)
}

// Unskip answers POST /repeats/{id}/unskip.
func (a *Area) Unskip(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(w, r, actor, a.unskipped, func(ctx context.Context, id schedule.ID, saw revision.Seen) (schedule.Schedule, error) {
		return a.schedules.Unskip(ctx, actor, id, saw, r.PostForm.Get(schedule.FieldFrom))
	}, nil)
}

// End answers POST /repeats/{id}/end.
func (a *Area) End(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.press(w, r, actor, a.ended, a.schedules.End)
}

func (a *Area) press(w http.ResponseWriter, r *http.Request, actor ledger.Actor, happened notice.Kind, do step) error {
	return a.change(w, r, actor, happened, func(ctx context.Context, id schedule.ID, saw revision.Seen) (schedule.Schedule, error) {
		return do(ctx, actor, id, saw)
	}, nil)
}

// change does what all changes have in common. Where one fails, typed puts what the form said into the repeat's page; it is nil for a mere
// button, which the site shows once more where the fault is ours.
func (a *Area) change(w http.ResponseWriter, r *http.Request, actor ledger.Actor, happened notice.Kind,
	apply func(context.Context, schedule.ID, revision.Seen) (schedule.Schedule, error),
	typed func(*words.Language, *repeatView, *problem.Problem)) error {
	number, err := form.ID(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	id := schedule.ID(number)
	saw, err := form.Saw(r)
	if err == nil {
		_, err = apply(r.Context(), id, saw)
	}
	if err == nil {
		redirect(w, r, happened, id)
		return nil
	}
	if problem.IsOurs(err) && typed == nil {
		return problem.MaybeChanged(err)
	}
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(problem.MaybeChanged(err), func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		view := repeatView{Layout: a.Frame.Layout(in, actor, "", section), Name: in.T(titleRepeat), Path: repeat.Address(id)}
		view.Form.Zero = in.Zero("", actor.Ledger.Currency)
		if !p.IsOurs() {
			stored, missing := a.view(ctx, in, actor, id)
			if missing != nil {
				return a.Problems.Page(p, nil)
			}
			view = stored
		}
		if p.Kind != fault.Conflict {
			view.Revision = form.Typed(r, form.Revision) // what the user saw: other faults must not hide a change of somebody else
		}
		if typed != nil {
			typed(in, &view, &p)
		}
		view.Problem, view.Title = &p, in.T(titleNotChanged)
		return a.repeat.Render(view)
	})
}
