package accounts

import (
	"net/http"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
)

// setupView is the page that makes the first account.
type setupView struct {
	page.Layout
	Code, Name, Password form.Field
	Least                int // characters of a password
	Problem              *problem.Problem
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
	return a.setup.Show(w, setupView{Layout: a.Frame.Bare(in, in.T(titleSetup)), Least: account.MinPassword})
}

// SetUp answers POST /setup.
func (a *Area) SetUp(w http.ResponseWriter, r *http.Request) error {
	if err := form.Read(r); err != nil {
		return err
	}
	opened, err := a.service.SetUp(r.Context(), r.PostForm.Get(account.FieldCode),
		account.Draft{Name: r.PostForm.Get(account.FieldName), Password: r.PostForm.Get(account.FieldPassword)}, a.client(r))
	if err != nil {
		return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
			if p.Kind == fault.Conflict {
				return a.Problems.Page(p, nil)
			}
			p = labels().Arrange(p)
			view := setupView{Layout: a.Frame.Bare(p.In, p.Title), Least: account.MinPassword, Problem: &p}
			view.Code = typed(r, p, account.FieldCode)
			view.Name = typed(r, p, account.FieldName)
			view.Password.Error = p.MessageAt(account.FieldPassword) // what was typed is not sent back
			focusFirst(&view.Code, &view.Name, &view.Password)
			return a.setup.Render(view)
		})
	}
	a.admit(w, opened)
	redirect(w, "/")
	return nil
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
