package several

import (
	"context"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// view is a page to select from.
type view struct {
	page.Layout
	Query        string // of the place, for the form and the way back
	Back         string // the search that it selects from
	Deleted      bool   // it selects from what is deleted
	Rows         []rowView
	Kept         []string // what was selected, where the rows cannot be had
	All          string   // address of the page with all selected
	Newer, Older string   // addresses; empty if there is nothing there

	Category, Date, Tags, Untag form.Field
	PaidBy                      form.Select

	Open        bool // the fields are to be seen
	DateType    string
	Suggestions []string
	Problem     *problem.Problem
}

// rowView is an expense with its box.
type rowView struct {
	row.View
	Pick   string // what the box sends
	Picked bool
}

// The fields of the form, beside those of expense.SeveralDraft.
const (
	fieldPick = "pick"
	fieldDo   = "do"

	doDelete  = "delete"
	doRestore = "restore" // or anything else for a change
)

const (
	titleSeveral words.Phrase = "Select several"
	titleNotDone words.Phrase = "Not done"
)

// labels are the fields of the form as the page calls them.
func labels() form.Labels {
	return form.Labels{
		{Name: expense.FieldCategory, Text: "Category"},
		{Name: expense.FieldDate, Text: "Date"},
		{Name: expense.FieldTags, Text: "Tags to add"},
		{Name: expense.FieldUntag, Text: "Tags to take away"},
		{Name: expense.FieldPaidBy, Text: "Paid by"},
	}
}

// blank is the page without what is found.
func (a *Area) blank(in *words.Language, actor ledger.Actor, from place) view {
	return view{
		Layout: a.Frame.Layout(in, actor, in.T(titleSeveral), "search"), Query: from.query(), Deleted: from.asked.Deleted,
		Back: from.asked.At(address.SearchPath, from.at), All: from.withAll(), DateType: "date",
	}
}

func (a *Area) view(ctx context.Context, in *words.Language, actor ledger.Actor, from place) (view, error) {
	found, err := a.service.Search(ctx, actor, from.asked.Draft(), from.at)
	if err != nil {
		return view{}, err
	}
	offered, err := a.service.SuggestCategories(ctx, actor)
	if err != nil {
		return view{}, err
	}
	of, err := a.Payers.Of(ctx, in, actor, found.Page.Expenses...)
	if err != nil {
		return view{}, err
	}
	shown, today := a.blank(in, actor, from), a.service.Today(actor)
	shown.Rows = rowsOf(in, found.Page.Expenses, func(e expense.Expense) string { return in.ShortDay(e.Date, today) })
	for i, e := range found.Page.Expenses {
		shown.Rows[i].PaidBy = of.Said(in, e)
	}
	shown.PaidBy = of.AskSeveral(in, "", "")
	shown.Newer, shown.Older = from.asked.After(address.Several, found.Newer), from.asked.Before(address.Several, found.Older)
	for _, c := range offered {
		shown.Suggestions = append(shown.Suggestions, string(c.Name))
	}
	return shown, nil
}

// company returns who shares the ledger, unless the storage is the trouble.
func (a *Area) company(ctx context.Context, in *words.Language, actor ledger.Actor, p problem.Problem) (payer.Company, error) {
	if p.IsOurs() {
		return payer.Company{}, nil
	}
	return a.Payers.Of(ctx, in, actor)
}

// typed puts what was typed into the page again, with what is wrong about it.
func (v *view) typed(in *words.Language, of payer.Company, draft expense.SeveralDraft, wrong problem.Problem) {
	for _, f := range []struct {
		field *form.Field
		name  string
		typed string
	}{
		{&v.Category, expense.FieldCategory, draft.Category},
		{&v.Date, expense.FieldDate, draft.Date},
		{&v.Tags, expense.FieldTags, draft.Tags},
		{&v.Untag, expense.FieldUntag, draft.Untag},
	} {
		f.field.Value, f.field.Error = form.Shown(f.typed), wrong.MessageAt(f.name)
		f.field.Focus = f.field.Error != "" && !v.Open
		v.Open = v.Open || f.field.Error != ""
	}
	v.PaidBy = of.AskSeveral(in, draft.PaidBy, wrong.MessageAt(expense.FieldPaidBy))
	v.PaidBy.Focus = v.PaidBy.Error != "" && !v.Open
	v.Open = v.Open || v.PaidBy.Error != "" || draft != (expense.SeveralDraft{})
	if _, err := civil.ParseDate(draft.Date); err != nil && draft.Date != "" {
		v.DateType = "text"
	}
}

// pick selects the rows that are among the picks, however they were seen.
func (v *view) pick(picks []expense.Pick) {
	picked := make(map[int64]bool, len(picks))
	for _, p := range picks {
		picked[int64(p.ID)] = true
	}
	for i, r := range v.Rows {
		v.Rows[i].Picked = picked[r.ID]
	}
}

// pickText is what the box of an expense sends: its ID, and what its reader saw of it.
func pickText(e expense.Expense) string {
	return strconv.FormatInt(int64(e.ID), 10) + "." + e.Seen().String()
}

// picksOf reads what the boxes send.
func picksOf(texts []string) ([]expense.Pick, error) {
	picks := make([]expense.Pick, 0, len(texts))
	for _, text := range texts {
		digits, seen, _ := strings.Cut(text, ".")
		id, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || id < 1 {
			return nil, fault.New(fault.NotFound, "web.several", "there is no such expense")
		}
		saw, err := revision.Parse(seen)
		if err != nil {
			return nil, fault.At("web.several", fieldPick, err)
		}
		picks = append(picks, expense.Pick{ID: expense.ID(id), Saw: saw})
	}
	return picks, nil
}
