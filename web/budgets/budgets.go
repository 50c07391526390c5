// Package budgets is the area of budgets: how those of this month stand, and the pages to set one, to change it and to end it.
// It knows the core and what areas share, and no other area.
package budgets

import (
	"context"
	"embed"

	"expense-tracker/core/budget"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Area answers the requests about budgets. It is safe for concurrent use.
type Area struct {
	area.Tools
	service  *budget.Service
	expenses *expense.Service

	list  page.Template[listView]
	one   page.Template[budgetView]
	lists *keptpage.Shelf[here]

	set, ended, copied notice.Kind
}

// keptBytes is how much the kept pages take at most.
const keptBytes = 4 << 20

// New returns the area.
func New(service *budget.Service, expenses *expense.Service, tools area.Tools) *Area {
	a := &Area{Tools: tools, service: service, expenses: expenses}
	a.lists = keptpage.NewShelf(tools.Kept, keptBytes, a.renderList)
	a.set = tools.Notices.Register("budgeted", a.describe("Budget saved: %s."))
	a.ended = tools.Notices.Register("unbudgeted", a.describe("Budget ended: %s."))
	a.copied = tools.Notices.Register("copied", func(_ context.Context, in *words.Language, _ ledger.Actor, n int64) (*notice.Notice, error) {
		return &notice.Notice{Text: in.N("%d budget goes on.", "%d budgets go on.", n)}, nil
	})
	a.list.Define(tools.Frame, templates, "budgets")
	a.one.Define(tools.Frame, templates, "budget")
	return a
}

// rowOf is the number by which a notice names a budget: rows have numbers above zero, and the budget for everything has the category 0.
func rowOf(of budget.CategoryID) int64 { return int64(of) + 1 }

// describe returns the words for what happened to a budget.
func (a *Area) describe(what words.Phrase) notice.Describe {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, row int64) (*notice.Notice, error) {
		named, err := a.named(ctx, in, actor, budget.CategoryID(row-1))
		if err != nil {
			return nil, err
		}
		return &notice.Notice{Text: in.T(what, named.Name)}, nil
	}
}
