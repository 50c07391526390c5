package accounts

import (
	"net/http"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// setupView is the page that makes the first account.
type setupView struct {
	page.Layout
	Code, Name, Password form.Field
	Least                int // characters of a password
	Problem              *problem.Problem

	Passwords bool   // the account may have a password
	Provider  string // where its owner may sign in instead; empty for nowhere
}

func (a *Area) setupView(in *words.Language, title string) setupView {
	return setupView{
		Layout: a.Frame.Bare(in, title), Least: account.MinPassword, Passwords: !a.options.NoPasswords, Provider: a.provider(),
	}
}

// Setup answers GET /setup.
func (a *Area) Setup(w http.ResponseWriter, r *http.Request) error {
	if done, err := a.service.IsSetUp(r.Context()); err != nil {
		return err
	} else if done {
		redirect(w, AddressLogin)
		return nil
	}
	in := a.Words.Of(r)
	return a.setup.Show(w, a.setupView(in, in.T(titleSetup)))
}

// SetUp answers POST /setup.
func (a *Area) SetUp(w http.ResponseWriter, r *http.Request) error {
	if err := form.Read(r); err != nil {
		return err
	}
	opened, err := a.service.SetUp(r.Context(), r.PostForm.Get(account.FieldCode),
		account.Draft{Name: r.PostForm.Get(account.FieldName), Password: r.PostForm.Get(account.FieldPassword)}, a.client(r))
	if err != nil {
		return a.notSetUp(r, err)
	}
	a.admit(w, opened)
	redirect(w, "/")
	return nil
}

// notSetUp shows the form that was refused once more.
func (a *Area) notSetUp(r *http.Request, err error) error {
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		if p.Kind == fault.Conflict {
			return a.Problems.Page(p, nil)
		}
		a.explainAway(&p, err)
		p = labels().Arrange(p)
		view := a.setupView(p.In, p.Title)
		view.Problem = &p
		view.Code = typed(r, p, account.FieldCode)
		view.Name = typed(r, p, account.FieldName)
		view.Password.Error = p.MessageAt(account.FieldPassword) // what was typed is not sent back
		focusFirst(&view.Code, &view.Name, &view.Password)
		return a.setup.Render(view)
	})
}

// typed returns a field as it was typed, with what is wrong about it.
func typed(r *http.Request, p problem.Problem, field string) form.Field {
	return form.Field{Value: form.Typed(r, field), Error: p.MessageAt(field)}
}

// focusFirst leads to the first field that is wrong.
func focusFirst(fields ...*form.Field) {
	for _, field := range fields {
		if field.Error != "" {
			field.Focus = true
			return
		}
	}
}
