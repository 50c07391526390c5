package budgets

import (
	"context"
	"net/http"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// budgetView is the page of one budget: how it stands, and the forms to change it and to end it; or the page to set a new one.
type budgetView struct {
	page.Layout
	Name     string // of what it is for; empty where that is to be chosen
	Action   string // of the form
	Back     string
	Revision string // that is seen; empty if there is none yet
	Head     *headView
	Rows     string       // address of what was spent of it this month; empty if it does not count now
	Targets  []targetView // to choose from
	More     bool         // there may be more of them: then one can be named
	Named    string       // the name as it was typed
	Form     formView
	Later    []string // what the terms after this month say
	Open     bool     // it counts now or later, and can be ended
	This     string   // this month, as YYYY-MM
	EndFrom  form.Field
	EndType  string // the kind of its control
	Problem  *problem.Problem
}

// targetView is what a budget can be for.
type targetView struct {
	ID     string
	Name   string
	Chosen bool
}

// formView is the form of a budget.
type formView struct {
	Category, Amount, Currency, From form.Field

	Zero      string // nothing of the currency, as it is typed
	Carry     bool
	MonthType string // the kind of control: one for months would drop what is none
}

const (
	fieldEndFrom = "end_from"
	fieldNamed   = "named"
)

const (
	titleNew      words.Phrase = "A new budget"
	titleNotSet   words.Phrase = "Not saved"
	unknownBudget words.Phrase = "Budget"
	leftThisMonth words.Phrase = "Left this month"
	overThisMonth words.Phrase = "Over this month"
	termFrom      words.Phrase = "From %s on: %s a month"
	termFromCarry words.Phrase = "From %s on: %s a month, carried over"
	termEnd       words.Phrase = "Ends before %s"
)

// labels are the fields of the forms as the page calls them.
func labels() form.Labels {
	return form.Labels{
		{Name: budget.FieldCategory, Text: "Budget for"},
		{Name: budget.FieldAmount, Text: "Amount a month"},
		{Name: budget.FieldCurrency, Text: "Currency"},
		{Name: budget.FieldFrom, Text: "From month"},
		{Name: fieldEndFrom, Text: "End before month"},
	}
}

// New answers GET /budgets/new.
func (a *Area) New(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	view, err := a.newView(r.Context(), a.Words.Of(r), actor)
	if err != nil {
		return err
	}
	return a.one.Show(w, view)
}

// Show answers GET /budgets/{id}. A category without a budget gets the form for a first one.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	of, err := inPath(r)
	if err != nil {
		return err
	}
	view, err := a.budgetView(r.Context(), a.Words.Of(r), actor, of)
	if err != nil {
		return err
	}
	return a.one.Show(w, view)
}

// newView is the form for a new budget, with what it can be for.
func (a *Area) newView(ctx context.Context, in *words.Language, actor ledger.Actor) (budgetView, error) {
	this := a.service.Today(actor).MonthOf()
	view := budgetView{
		Layout: a.Frame.Layout(in, actor, in.T(titleNew), section), Action: listAddress, Back: listAddress, This: this.String(),
		Form: newForm(in, actor.Ledger.Currency, blank(actor, this), "", problem.Problem{}),
	}
	found, err := a.service.Month(ctx, actor, this)
	if err != nil {
		return view, err
	}
	has := map[budget.CategoryID]bool{}
	for _, s := range found.Standings {
		has[s.Category] = true
	}
	ahead, err := a.service.Ahead(ctx, actor)
	if err != nil {
		return view, err
	}
	for _, b := range ahead {
		has[b.Category] = true
	}
	if !has[budget.Everything] {
		view.Targets = append(view.Targets, targetView{ID: everything, Name: in.T(allSpending)})
	}
	categories, err := a.expenses.SuggestCategories(ctx, actor)
	view.More = len(categories) >= expense.MaxSuggestions
	for _, c := range categories {
		if id := budget.CategoryID(c.ID); !has[id] {
			view.Targets = append(view.Targets, targetView{ID: textOf(id), Name: string(c.Name)})
		}
	}
	return view, err
}

func blank(actor ledger.Actor, this civil.Month) budget.Draft {
	return budget.Draft{Currency: actor.Ledger.Currency.Code(), From: this.String()}
}

// budgetView is the page of a budget that is there, or the form for one of a category that is known.
func (a *Area) budgetView(ctx context.Context, in *words.Language, actor ledger.Actor, of budget.CategoryID) (budgetView, error) {
	found, standing, err := a.service.Get(ctx, actor, of)
	if err != nil {
		return budgetView{}, err
	}
	name, err := a.named(ctx, in, actor, of)
	if err != nil {
		return budgetView{}, err
	}
	today := a.service.Today(actor)
	this := today.MonthOf()
	draft := blank(actor, this)
	if term, ok := found.In(this); ok {
		draft.Amount, draft.Currency, draft.Carry = in.Typed(term.Limit), term.Limit.Currency().Code(), term.Carry
	}
	view := budgetView{
		Layout: a.Frame.Layout(in, actor, name.Name, section), Name: name.Name, Action: addressOf(of), Back: listAddress, This: this.String(),
		Form: newForm(in, actor.Ledger.Currency, draft, "", problem.Problem{}), EndFrom: form.Field{Value: this.String()}, EndType: monthType(""),
	}
	if found.Revision > 0 {
		view.Revision = found.Seen().String()
	}
	if standing != nil {
		view.Head, view.Open = newHead(in, *standing, name, today, leftThisMonth, overThisMonth), true
		var counted []expense.CategoryID // none are all
		if standing.Category != budget.Everything {
			counted = append(counted, expense.CategoryID(standing.Category))
		}
		view.Rows = rowsOf(view.Layout, this, standing.Term.Limit.Currency(), counted...)
	}
	for _, term := range found.Later(this) {
		view.Later = append(view.Later, termText(in, term))
		view.Open = view.Open || !term.IsEnd()
	}
	return view, nil
}

// rowsOf returns the address of a month's expenses in a currency: of categories, or of all if none is given.
func rowsOf(l page.Layout, month civil.Month, of money.Currency, categories ...expense.CategoryID) string {
	search, last := l.Places.Search, month.Last()
	return address.InCurrency(search, address.Spent(search, month.First(), last, categories...), of.Code())
}

// termText says what counts from a month on.
func termText(in *words.Language, term budget.Term) string {
	month := in.Month(term.From)
	switch {
	case term.IsEnd():
		return in.T(termEnd, month)
	case term.Carry:
		return in.T(termFromCarry, month, in.Amount(term.Limit))
	}
	return in.T(termFrom, month, in.Amount(term.Limit))
}

// newForm shows a draft as it was typed. What is wrong about a field stands at it, and the first such field takes the focus.
func newForm(in *words.Language, own money.Currency, draft budget.Draft, category string, wrong problem.Problem) formView {
	view := formView{Zero: in.Zero(draft.Currency, own), Carry: draft.Carry, MonthType: monthType(draft.From)}
	focused := false
	for _, f := range []struct {
		field *form.Field
		name  string
		typed string
	}{
		{&view.Category, budget.FieldCategory, category},
		{&view.Amount, budget.FieldAmount, draft.Amount},
		{&view.Currency, budget.FieldCurrency, draft.Currency},
		{&view.From, budget.FieldFrom, draft.From},
	} {
		f.field.Value = form.Shown(f.typed)
		f.field.Error = wrong.MessageAt(f.name)
		f.field.Focus = f.field.Error != "" && !focused
		focused = focused || f.field.Focus
	}
	return view
}

func monthType(typed string) string {
	if _, err := civil.ParseDate(typed + "-01"); err != nil && typed != "" {
		return "text"
	}
	return "month"
}
