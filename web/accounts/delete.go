package accounts

import (
	"context"
	"net/http"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
)

// deleteView is the page on which somebody deletes their account: it says first what goes with it.
type deleteView struct {
	page.Layout
	User                string   // the name as it is stored
	Left, Erased, Stuck []string // names of ledgers; see member.Farewell
	Asks                bool     // for the password; else it takes a fresh log-in
	Fresh               bool     // this is one
	Password            form.Field
	Sure                form.Field
	Problem             *problem.Problem
}

// deletedView says that it is done, to who has no account any more.
type deletedView struct{ page.Layout }

// goingTime bounds how long all may go that belongs to an account. It is not the time of a request: what is left half gone has totals of
// expenses that are not there, so it is brought to its end, also when nobody waits for it any more.
const goingTime = 5 * time.Minute

// fieldSure says that the ledgers shall go, too.
const fieldSure = "sure"

// Leave answers GET /account/delete.
func (a *Area) Leave(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	view, err := a.deleteView(r.Context(), a.Frame.Layout(a.Words.Of(r), actor, a.Words.Of(r).T(titleDelete), section), who)
	if err != nil {
		return err
	}
	return a.deleting.Show(w, view)
}

func (a *Area) deleteView(ctx context.Context, around page.Layout, who account.Signed) (deleteView, error) {
	f, err := a.options.Members.Farewell(ctx, who.User.ID)
	if err != nil {
		return deleteView{}, err
	}
	has, err := a.service.HasPassword(ctx, who)
	return deleteView{
		Layout: around, User: who.User.Name, Left: names(f.Left), Erased: names(f.Erased), Stuck: names(f.Stuck),
		Asks: has && !a.options.NoPasswords, Fresh: a.service.IsFresh(who),
	}, err
}

// names returns what ledgers are called.
func names(all []member.Membership) (names []string) {
	for _, m := range all {
		names = append(names, m.Ledger.Name)
	}
	return names
}

// Delete answers POST /account/delete.
func (a *Area) Delete(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	const op = "accounts.Delete"
	if err := form.Read(r); err != nil {
		return err
	}
	f, err := a.options.Members.Farewell(r.Context(), who.User.ID)
	if err == nil && len(f.Erased) > 0 && r.PostForm.Get(fieldSure) == "" {
		err = fault.Field(op, fieldSure, "say that these ledgers shall be deleted, too")
	}
	if err == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), goingTime)
		defer cancel()
		err = a.service.Remove(ctx, who, r.PostForm.Get(account.FieldPassword))
	}
	if err != nil {
		return a.notDeleted(r, actor, who, problem.MaybeStored(err, "Your account may or may not be deleted. Try again in a few seconds."))
	}
	a.dismiss(w)
	in := a.Words.Of(r)
	return a.deleted.Show(w, deletedView{a.Frame.Bare(in, in.T(titleDeleted))})
}

// notDeleted shows the page as it is now, with what stands in the way.
func (a *Area) notDeleted(r *http.Request, actor ledger.Actor, who account.Signed, err error) error {
	ctx := context.WithoutCancel(r.Context())
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		view, missing := a.deleteView(ctx, a.Frame.Layout(p.In, actor, p.Title, section), who)
		if missing != nil {
			return a.Problems.Page(p, nil)
		}
		view.Problem = &p
		view.Password.Error, view.Sure.Error = p.MessageAt(account.FieldPassword), p.MessageAt(fieldSure)
		focusFirst(&view.Password, &view.Sure)
		view.Sure.Value = r.PostForm.Get(fieldSure)
		return a.deleting.Render(view)
	})
}
