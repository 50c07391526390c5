package search

import (
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// view is the page of a search.
type view struct {
	page.Layout
	Query                        form.Field
	Category, Tag, Currency      form.Field
	From, To, Min, Max           form.Field
	PaidBy                       form.Select
	Deleted                      bool
	Chips                        []chip
	Kept                         []string // categories that the form keeps, though its field is for one more
	WithDeleted                  string   // address of the same search among what is deleted
	Suggestions                  []string
	Problem                      *problem.Problem
	Count                        int64
	CountText                    string
	Totals                       []total.View
	Months                       []monthView
	Newer, Older, File, Unfilter string // addresses; empty if there is nothing there
	Several                      string // address of the same page, to select from; empty if nothing is found
}

// chip is a filter that is on, with the address without it.
type chip struct {
	Tile   *row.Tile
	Text   string
	Typed  bool // by somebody: its letters may run in another direction than the page's
	Remove string
}

// monthView is a month of what is found, with its rows on the page.
type monthView struct {
	Name  string
	Count string   // of the whole month,
	Sums  []string // and its totals
	Rows  []rowView
}

// rowView is a row with the found words marked.
type rowView struct {
	row.View
	Title, Text, Tags []piece
}

func (a *Area) blank(in *words.Language, actor ledger.Actor, asked address.SearchQuery) view {
	asked = shownQuery(asked)
	v := view{
		Layout: a.Frame.Layout(in, actor, in.T(titleSearch), section), Deleted: asked.Deleted, Kept: asked.Categories,
	}
	for value, field := range map[*string]*form.Field{
		&asked.Query: &v.Query, &asked.Tag: &v.Tag, &asked.Currency: &v.Currency, &asked.From: &v.From, &asked.To: &v.To,
		&asked.Min: &v.Min, &asked.Max: &v.Max,
	} {
		field.Value = *value
	}
	v.PaidBy.Value = asked.PaidBy // which the form keeps, where there is nothing to choose from
	return v
}

// refused shows the form as it was typed, with what is wrong.
func (a *Area) refused(
	in *words.Language, actor ledger.Actor, of payer.Company, asked address.SearchQuery, p problem.Problem,
) view {
	v := a.blank(in, actor, asked)
	v.Problem = &p
	v.PaidBy = of.AskWhose(in, asked.PaidBy, p.MessageAt(expense.FieldPaidBy))
	v.Chips = chips(in, of, asked, expense.SearchPage{Filter: expense.Filter{Deleted: asked.Deleted}}) // what no field of the form has
	first := true
	for _, field := range []struct {
		name string
		at   *form.Field
	}{
		{expense.FieldQuery, &v.Query}, {expense.FieldFrom, &v.From}, {expense.FieldTo, &v.To}, {expense.FieldCategory, &v.Category},
		{expense.FieldTag, &v.Tag}, {expense.FieldCurrency, &v.Currency}, {expense.FieldMin, &v.Min}, {expense.FieldMax, &v.Max},
		{expense.FieldPaidBy, &v.PaidBy.Field},
	} {
		if field.at.Error = p.MessageAt(field.name); field.at.Error != "" {
			field.at.Focus, first = first, false
		}
	}
	return v
}

// found shows what a search has found.
func (a *Area) found(
	in *words.Language, actor ledger.Actor, of payer.Company, asked address.SearchQuery, place expense.SearchPlace,
	found expense.SearchPage,
) view {
	v := a.blank(in, actor, asked)
	v.PaidBy = of.AskWhose(in, expense.PayerText(found.Filter.Payer), "")
	v.Chips = chips(in, of, asked, found)
	v.Count, v.CountText = found.Count(), total.Count(in, found.Count())
	v.Totals = total.Views(in, found.Totals, actor.Ledger.Currency)
	v.Months = a.months(in, actor, of, found, address.FromSearch(asked, place))
	v.Newer, v.Older = asked.After(address.SearchPath, found.Newer), asked.Before(address.SearchPath, found.Older)
	if v.Count > 0 {
		v.File = address.SearchFile + asked.Encode()
		v.Several = asked.At(address.Several, place)
	}
	if !asked.Deleted {
		other := asked
		other.Deleted = true
		v.WithDeleted = address.Search(other)
	}
	if asked.Encode() != "" {
		v.Unfilter = address.SearchPath
	}
	return v
}

// light marks the row that the notice is about.
func (v *view) light() {
	if v.Notice == nil {
		return
	}
	for _, m := range v.Months {
		for i := range m.Rows {
			m.Rows[i].Lit = m.Rows[i].ID == v.Notice.Row
		}
	}
}

// months groups the page's rows. Their links lead back here. Beside each month stands what the whole result has of it.
func (a *Area) months(
	in *words.Language, actor ledger.Actor, of payer.Company, found expense.SearchPage, from string,
) []monthView {
	sums := make(map[civil.Month][]expense.Total)
	for _, m := range found.Months {
		sums[m.Month] = append(sums[m.Month], m.Total)
	}
	today := a.service.Today(actor)
	terms := make([]string, 0, len(found.Filter.Terms))
	for _, t := range found.Filter.Terms {
		terms = append(terms, t.Text)
	}
	var views []monthView
	var last civil.Month
	for _, e := range found.Page.Expenses {
		if month := e.Date.MonthOf(); month != last || views == nil {
			views = append(views, newMonth(in, month, sums[month], actor))
			last = month
		}
		shown := row.Of(in, e, from)
		shown.When, shown.PaidBy = in.ShortDay(e.Date, today), of.Said(in, e)
		m := &views[len(views)-1]
		m.Rows = append(m.Rows, rowView{
			View: shown, Title: marked(shown.Title, terms), Text: marked(shown.Text, terms), Tags: marked(shown.Tags, terms),
		})
	}
	return views
}

// newMonth is a month without its rows.
func newMonth(in *words.Language, month civil.Month, totals []expense.Total, actor ledger.Actor) monthView {
	view := monthView{Name: in.Month(month)}
	var n int64
	for _, t := range totals {
		n += t.Count
	}
	view.Count = in.Number(n)
	for _, t := range total.ViewsOfSome(in, totals, actor.Ledger.Currency) {
		view.Sums = append(view.Sums, t.Text)
	}
	return view
}
