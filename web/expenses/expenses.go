// Package expenses is the area of single expenses: the first page with its form, the list behind it, and the page of each expense to
// change, delete or restore it. It knows the core and what areas share, and no other area.
package expenses

import (
	"context"
	"embed"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/page"
)

//go:embed templates
var templates embed.FS

// shelfBytes bounds the pages that each of the two shelves keeps over all ledgers. One first page takes some 50 kB.
const shelfBytes = 8 << 20

// Area answers the requests about expenses. It is safe for concurrent use.
type Area struct {
	area.Tools
	service   *expense.Service
	repeats   Repeats
	submitted Submitted

	home page.Template[homeView]
	list page.Template[listView]
	edit page.Template[editView]

	homes  *keptpage.Shelf[cursor]
	places *keptpage.Shelf[cursor] // apart, so that a walk through a long list, or through made-up places, pushes out no first page

	notices notices
}

// Submitted is told how a sending of the form for a new expense of a ledger ended.
type Submitted func(ctx context.Context, in ledger.ID, receipt expense.Receipt, err error)

// New returns the area. submitted is told how each sending of the form for a new expense ended.
func New(
	service *expense.Service, repeats Repeats, tools area.Tools, submitted Submitted,
) *Area {
	a := &Area{Tools: tools, service: service, repeats: repeats, submitted: submitted}
	a.home.Define(tools.Frame, templates, "home")
	a.list.Define(tools.Frame, templates, "expenses")
	a.edit.Define(tools.Frame, templates, "edit")
	a.homes = keptpage.NewShelf(tools.Kept, shelfBytes, a.renderHome)
	a.places = keptpage.NewShelf(tools.Kept, shelfBytes, a.renderList)
	a.notices = a.registerNotices(tools.Notices)
	return a
}
