// Package categories is the area of categories: their list with totals, and the page of each to rename it or merge it into another.
// It knows the core and what areas share, and no other area.
package categories

import (
	"context"
	"embed"
	"errors"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Area answers the requests about categories. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *expense.Service

	list     page.Template[listView]
	category page.Template[categoryView]

	renaming, merging change
}

// New returns the area.
func New(service *expense.Service, tools area.Tools) (*Area, error) {
	a := &Area{Tools: tools, service: service}
	a.renaming = change{field: expense.FieldCategory, happened: tools.Notices.Register("renamed", a.describe("Renamed to %s."))}
	a.merging = change{field: expense.FieldInto, happened: tools.Notices.Register("merged", a.describe("Merged into %s."))}
	return a, errors.Join(
		a.list.Parse(tools.Frame, templates, "categories"),
		a.category.Parse(tools.Frame, templates, "category"),
	)
}

// describe returns the words for what happened to a category.
func (a *Area) describe(what words.Phrase) notice.Describe {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
		summary, err := a.service.Category(ctx, actor, expense.CategoryID(id))
		if err != nil {
			return nil, err
		}
		return &notice.Notice{Text: in.T(what, string(summary.Category.Name))}, nil
	}
}
