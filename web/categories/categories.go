// Package categories is the area of categories: their list with totals, and the page of each, with what was spent on it and what can be
// done to it. It knows the core and what areas share, and no other area.
package categories

import (
	"embed"

	"expense-tracker/core/expense"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/page"
)

//go:embed templates
var templates embed.FS

// Area answers the requests about categories. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *expense.Service

	list     page.Template[listView]
	category page.Template[categoryView]
	kept     *keptpage.Shelf[spot]

	renaming, looking, merging, archiving, restoring, removing, undoing change
}

// shelfBytes bounds the pages that are kept over all ledgers. One takes some 30 kB.
const shelfBytes = 8 << 20

// New returns the area.
func New(service *expense.Service, tools area.Tools) *Area {
	a := &Area{Tools: tools, service: service}
	a.kept = keptpage.NewShelf(tools.Kept, shelfBytes, a.render)
	a.register(tools.Notices)
	a.list.Define(tools.Frame, templates, "categories")
	a.category.Define(tools.Frame, templates, "category")
	return a
}
