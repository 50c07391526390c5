// Package schedules is the area of repeats: their list with what falls due soon, and the page of each to change, pause, skip or end it.
// It knows the core and what areas share, and no other area.
package schedules

import (
	"context"
	"embed"
	"net/http"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/schedule"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/repeat"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Area answers the requests about repeats. It is safe for concurrent use.
type Area struct {
	area.Tools
	schedules *schedule.Service
	expenses  *expense.Service // for the categories to choose from, and for an expense that is to repeat

	list   page.Template[listView]
	form   page.Template[newView]
	repeat page.Template[repeatView]

	added, saved, paused, resumed, skipped, unskipped, priced, ended notice.Kind
}

// section is the link of the navigation that leads to the area's pages.
const section = "more"

// New returns the area.
func New(schedules *schedule.Service, expenses *expense.Service, tools area.Tools) *Area {
	a := &Area{Tools: tools, schedules: schedules, expenses: expenses}
	a.added = tools.Notices.Register("repeats", a.describe("%s repeats from now on."))
	a.saved = tools.Notices.Register("repeatsaved", a.describe("%s is saved."))
	a.paused = tools.Notices.Register("repeatpaused", a.undoable("%s is paused.", "/resume"))
	a.resumed = tools.Notices.Register("repeatresumed", a.describe("%s goes on."))
	a.skipped = tools.Notices.Register("repeatskipped", a.describeSkip)
	a.unskipped = tools.Notices.Register("repeatunskipped", a.describe("%s falls due again on the date that was skipped."))
	a.priced = tools.Notices.Register("repeatpriced", a.describe("%s gets another amount."))
	a.ended = tools.Notices.Register("repeatended", a.describe("%s has ended."))
	a.list.Define(tools.Frame, templates, "repeats")
	a.form.Define(tools.Frame, templates, "new")
	a.repeat.Define(tools.Frame, templates, "repeat")
	return a
}

// describe returns the words for what happened to a repeat.
func (a *Area) describe(what words.Phrase) notice.Describe { return a.undoable(what, "") }

// undoable is describe with the repeat's address that undoes it; empty if none does.
func (a *Area) undoable(what words.Phrase, undo string) notice.Describe {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
		found, err := a.schedules.Get(ctx, actor, schedule.ID(id))
		if err != nil {
			return nil, err
		}
		said := &notice.Notice{Text: in.T(what, repeat.Name(found, a.known(ctx, actor, found).Of(found)))}
		if undo != "" {
			said.Undo, said.Revision = repeat.Address(found.ID)+undo, found.Seen().String()
		}
		return said, nil
	}
}

// describeSkip says which date is skipped, and offers it back. It is the last before the next one that falls due.
func (a *Area) describeSkip(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
	const skipped words.Phrase = "%s is skipped on %s."
	found, err := a.schedules.Get(ctx, actor, schedule.ID(id))
	if err != nil {
		return nil, err
	}
	skips := found.Skips()
	if next, ok := found.NextDue(); ok {
		skips = slices.DeleteFunc(skips, func(skip civil.Date) bool { return skip.Compare(next) > 0 })
	}
	if len(skips) == 0 {
		return nil, nil // somebody took it back meanwhile
	}
	last := skips[len(skips)-1]
	return &notice.Notice{
		Text: in.T(skipped, repeat.Name(found, a.known(ctx, actor, found).Of(found)), in.ShortDay(last, a.schedules.Today(actor))),
		Undo: repeat.Address(found.ID) + "/unskip", Revision: found.Seen().String(),
		Fields: []notice.Field{{Name: schedule.FieldFrom, Value: last.String()}},
	}, nil
}

// known returns the categories of repeats. They are a comfort: a page does without when they cannot be had.
func (a *Area) known(ctx context.Context, actor ledger.Actor, of ...schedule.Schedule) repeat.Categories {
	categories, err := repeat.CategoriesOf(ctx, a.expenses, actor, of)
	if err != nil {
		a.Problems.Log(ctx, err)
	}
	return categories
}

// names are the categories to choose from.
func (a *Area) names(ctx context.Context, actor ledger.Actor) []string {
	categories, err := a.expenses.SuggestCategories(ctx, actor)
	if err != nil {
		a.Problems.Log(ctx, err)
		return nil
	}
	names := make([]string, len(categories))
	for i, c := range categories {
		names[i] = string(c.Name)
	}
	return names
}

// redirect sends the browser to the list, which says what happened to the repeat.
func redirect(w http.ResponseWriter, r *http.Request, happened notice.Kind, id schedule.ID) {
	happened.Redirect(w, r, repeat.List, int64(id))
}
