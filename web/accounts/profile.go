package accounts

import (
	"context"
	"net/http"
	"slices"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// accountView is the page of one's own account.
type accountView struct {
	page.Layout
	User      string // the name as it is stored
	Name      form.Field
	Languages []languageView
	Language  form.Field
	Old, New  form.Field // passwords, of which nothing is sent back
	Least     int        // characters of a password
	Problem   *problem.Problem

	SignsIn  bool      // with the name
	Password bool      // there is one to change
	Link     *linkView // with a provider; nil where nobody signs in that way
}

type languageView struct {
	Tag, Name string
	Chosen    bool
}

// itself is the name of each catalogue's language, in that language.
const itself words.Phrase = "English"

// Show answers GET /account.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	view, err := a.accountView(r, actor, who)
	if err != nil {
		return err
	}
	if view.Notice, err = a.Notices.Take(w, r, a.Words.Of(r), actor); err != nil {
		return err
	}
	return a.account.Show(w, view)
}

func (a *Area) accountView(r *http.Request, actor ledger.Actor, who account.Signed) (accountView, error) {
	in, user := a.Words.Of(r), who.User
	has, err := a.service.HasPassword(r.Context(), who)
	if err != nil {
		return accountView{}, err
	}
	view := accountView{Layout: a.Frame.Layout(in, actor, in.T(titleAccount), section), User: user.Name, Least: account.MinPassword}
	view.SignsIn = has && !a.options.NoPasswords
	view.Password = view.SignsIn
	if view.Link, err = a.linkView(r.Context(), who, has); err != nil {
		return accountView{}, err
	}
	view.Name.Value, view.Language.Value = user.Name, user.Language
	for _, l := range a.Words.All() {
		if l.Tag() != words.Pseudo || user.Language == words.Pseudo {
			view.Languages = append(view.Languages, languageView{Tag: l.Tag(), Name: l.T(itself), Chosen: l.Tag() == user.Language})
		}
	}
	return view, nil
}

// choose selects a language, or none.
func (v *accountView) choose(tag string) {
	v.Language.Value = tag
	for i := range v.Languages {
		v.Languages[i].Chosen = v.Languages[i].Tag == tag
	}
}

// Save answers POST /account.
func (a *Area) Save(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	err := form.Read(r)
	if err != nil {
		return err
	}
	tag := r.PostForm.Get(account.FieldLanguage)
	if tag != "" && !slices.ContainsFunc(a.Words.All(), func(l *words.Language) bool { return l.Tag() == tag }) {
		err = fault.Field("accounts.Save", account.FieldLanguage, "choose one of the languages in the list")
	} else {
		var saved account.User
		saved, err = a.service.SetProfile(r.Context(), who, r.PostForm.Get(account.FieldName), tag)
		if err == nil && saved.Name != who.User.Name {
			if failed := a.options.Renamed(r.Context(), who.User.ID); failed != nil { // until the next change kept pages say the old name
				a.Problems.Log(r.Context(), failed)
			}
		}
	}
	if err != nil {
		return a.again(r, actor, who, problem.MaybeChanged(err), func(view *accountView, p problem.Problem) {
			view.Name = typed(r, p, account.FieldName)
			view.choose(tag)
			view.Language.Error = p.MessageAt(account.FieldLanguage)
			focusFirst(&view.Name, &view.Language)
		})
	}
	a.options.Languages(a.Cookies, w, tag)
	a.saved.Redirect(w, r, Address, 1)
	return nil
}

// ChangePassword answers POST /account/password.
func (a *Area) ChangePassword(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	if err := form.Read(r); err != nil {
		return err
	}
	opened, err := a.service.ChangePassword(r.Context(), who, r.PostForm.Get(account.FieldPassword), r.PostForm.Get(account.FieldNew),
		a.client(r))
	if err != nil {
		const maybe words.Phrase = "Your password may or may not be changed. Sign in with the new one or, if that is refused, with the old one."
		return a.again(r, actor, who, problem.MaybeStored(err, maybe), func(view *accountView, p problem.Problem) {
			view.Old.Error, view.New.Error = p.MessageAt(account.FieldPassword), p.MessageAt(account.FieldNew)
			focusFirst(&view.Old, &view.New)
		})
	}
	a.admit(w, opened)
	a.changed.Redirect(w, r, Address, 1)
	return nil
}

// again shows the page with a form that was refused.
func (a *Area) again(
	r *http.Request, actor ledger.Actor, who account.Signed, err error, fill func(*accountView, problem.Problem),
) error {
	r = r.WithContext(context.WithoutCancel(r.Context())) // the page is made when the handler's time is over
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		view, err := a.accountView(r, actor, who)
		if err != nil {
			return nil, err
		}
		view.Title, view.Problem = p.Title, &p
		fill(&view, p)
		return a.account.Render(view)
	})
}
