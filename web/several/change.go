package several

import (
	"context"
	"net/http"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/problem"
)

// Change answers POST /several: it changes, deletes or brings back what is selected, all of it or nothing. The page that follows is the
// same, with the way back.
func (a *Area) Change(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	from, err := placeOf(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	draft := expense.SeveralDraft{
		Category: r.PostForm.Get(expense.FieldCategory), Date: r.PostForm.Get(expense.FieldDate),
		Tags: r.PostForm.Get(expense.FieldTags), Untag: r.PostForm.Get(expense.FieldUntag),
		PaidBy: r.PostForm.Get(expense.FieldPaidBy),
	}
	picks, err := picksOf(r.PostForm[fieldPick])
	var done expense.Done
	var happened notice.Kind
	if err == nil {
		done, happened, err = a.do(r.Context(), actor, r.PostForm.Get(fieldDo), picks, draft)
	}
	if err != nil {
		return a.again(r, actor, from, picks, draft, problem.MaybeChanged(err))
	}
	if done.Changed == 0 {
		happened = a.notices.same
	}
	happened.Redirect(w, r, from.address(), int64(done.Number))
	return nil
}

func (a *Area) do(
	ctx context.Context, actor ledger.Actor, what string, picks []expense.Pick, draft expense.SeveralDraft,
) (done expense.Done, happened notice.Kind, err error) {
	switch what {
	case doDelete:
		done, err = a.service.DeleteSeveral(ctx, actor, picks)
		return done, a.notices.deleted, err
	case doRestore:
		done, err = a.service.RestoreSeveral(ctx, actor, picks)
		return done, a.notices.restored, err
	}
	done, err = a.service.EditSeveral(ctx, actor, picks, draft)
	return done, a.notices.changed, err
}

// again returns err as one that shows the page again, as it is now, with what was selected and typed. Where the storage cannot answer,
// the page is the form without its list.
func (a *Area) again(
	r *http.Request, actor ledger.Actor, from place, picks []expense.Pick, draft expense.SeveralDraft, err error,
) error {
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Forbidden || kind == fault.Unauthenticated {
		return err
	}
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		shown := a.blank(in, actor, from)
		missing := err
		if !p.IsOurs() {
			shown, missing = a.view(ctx, in, actor, from)
		}
		if missing != nil {
			shown = a.blank(in, actor, from)
			for _, text := range r.PostForm[fieldPick] {
				shown.Kept = append(shown.Kept, form.Shown(text))
			}
		}
		shown.pick(picks)
		of, _ := a.company(ctx, in, actor, p) // without names it says enough, too
		shown.typed(in, of, draft, p)
		shown.Title, shown.Problem = in.T(titleNotDone), &p
		return a.page.Render(shown)
	})
}

// Undo answers POST /several/{id}/undo: it takes back what the page before told of, all of it or nothing.
func (a *Area) Undo(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	from, err := placeOf(r)
	if err != nil {
		return err
	}
	number, err := form.ID(r)
	if err != nil {
		return err
	}
	done, err := a.service.UndoSeveral(r.Context(), actor, expense.BatchNumber(number))
	if err != nil {
		return problem.MaybeChanged(err)
	}
	a.notices.undone.Redirect(w, r, from.address(), int64(done.Number))
	return nil
}
