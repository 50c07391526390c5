package web

import (
	"embed"
	"io/fs"

	"expense-tracker/web/categories"
	"expense-tracker/web/expenses"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/asset"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

//go:embed static
var staticFiles embed.FS

// areas are the areas of the site, and what answers beside them.
type areas struct {
	assets   *asset.Assets
	problems *problem.Desk

	expenses   *expenses.Area
	categories *categories.Area
}

// newAreas wires the areas: each gets its services and the tools that all share.
func newAreas(services Services, o Options) (*areas, error) {
	files, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, err
	}
	a := &areas{}
	book, err := words.Open(o.Language)
	if err != nil {
		return nil, err
	}
	if a.assets, err = asset.Load(files, book); err != nil {
		return nil, err
	}
	tools, err := area.NewTools(area.Site{
		Words:  book,
		About:  page.About{Links: a.assets.Links(), Manifests: a.assets.Manifests(), Version: o.Version, Demo: o.Demo},
		States: services.Expenses, NewKey: o.NewKey, Logger: o.Logger, RequestID: o.RequestID,
	})
	if err != nil {
		return nil, err
	}
	a.problems = tools.Problems
	if a.expenses, err = expenses.New(services.Expenses, tools, o.Submitted); err != nil {
		return nil, err
	}
	if a.categories, err = categories.New(services.Expenses, tools); err != nil {
		return nil, err
	}
	return a, nil
}
