package schedules

import (
	"net/http"
	"strconv"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/core/schedule"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// draftOf returns the repeat that a form says.
func draftOf(r *http.Request) schedule.Draft {
	get := r.PostForm.Get
	draft := schedule.Draft{
		Typed: schedule.Typed{
			Category: get(expense.FieldCategory), Price: get(expense.FieldPrice), Currency: get(expense.FieldCurrency),
			Payee: get(expense.FieldPayee), Note: get(expense.FieldNote), Tags: get(expense.FieldTags), Refund: get(expense.FieldRefund) != "",
		},
		Frequency: get(schedule.FieldFrequency), Every: get(schedule.FieldEvery), Day: get(schedule.FieldDay),
		Start: get(schedule.FieldStart), End: get(schedule.FieldEnd), Key: get(schedule.FieldKey),
	}
	if payers := r.PostForm[expense.FieldPaidBy]; len(payers) > 0 {
		draft.PaidBy = &payers[0]
	}
	return draft
}

// draftFrom returns the draft that would store a repeat as it is, from its next date on.
func draftFrom(in *words.Language, s schedule.Schedule, category expense.Category) schedule.Draft {
	payer := expense.PayerText(s.Spending.PaidBy)
	draft := schedule.Draft{
		Typed: schedule.Typed{
			Category: string(category.Name), Price: in.Typed(s.Price()), Currency: s.Spending.Price.Currency().Code(), Payee: s.Spending.Payee,
			Note: s.Spending.Note, Tags: expense.Tags(s.Spending.Tags).Typed(), Refund: s.Spending.Refund,
			PaidBy: &payer,
		},
		Frequency: string(s.Rule.Frequency), Every: strconv.Itoa(s.Rule.Every), Start: s.Rule.Start.String(),
	}
	if s.Rule.Frequency == schedule.Monthly {
		draft.Day = strconv.Itoa(s.Rule.Day)
	}
	if !s.Rule.End.IsZero() {
		draft.End = s.Rule.End.String()
	}
	return draft
}

// draftLike returns the draft of a repeat that begins with an expense.
func draftLike(in *words.Language, e expense.Expense) schedule.Draft {
	payer := expense.PayerText(e.PaidBy)
	return schedule.Draft{
		Typed: schedule.Typed{
			Category: string(e.Category.Name), Price: in.Typed(e.Price), Currency: e.Price.Currency().Code(), Payee: e.Payee,
			Note: e.Note, Tags: e.Tags.Typed(), Refund: e.Refund,
			PaidBy: &payer,
		},
		Frequency: string(schedule.Monthly), Every: "1", Start: e.Date.String(),
	}
}

// formView is the form of a repeat.
type formView struct {
	Price, Currency, Category, Every, Frequency, Day, Start, End, Payee, Note, Tags form.Field

	Zero               string // nothing of the currency, as it is typed
	PaidBy             form.Select
	Frequencies        []choice
	Days               []choice
	StartType, EndType string // the kind of control: one for dates would drop what is none
	Refund             bool
	More               bool // one of the fields that stand folded has something in it
	Suggestions        []string
}

// newFormView shows a draft as it was typed, to one of the company. What is wrong about a field stands at it, and the first such
// field takes the focus.
func newFormView(in *words.Language, of payer.Company, own money.Currency, draft schedule.Draft, wrong problem.Problem) formView {
	view := formView{
		Zero:        in.Zero(draft.Currency, own),
		Frequencies: frequencies(in, draft.Frequency), Days: days(in, draft.Day), Refund: draft.Refund,
		StartType: dateType(draft.Start), EndType: dateType(draft.End),
	}
	view.PaidBy = of.Ask(in, draft.PaidBy, wrong.MessageAt(expense.FieldPaidBy))
	fill(wrong, []shownField{
		{&view.Price, expense.FieldPrice, draft.Price},
		{&view.Currency, expense.FieldCurrency, draft.Currency},
		{&view.Category, expense.FieldCategory, draft.Category},
		{&view.Every, schedule.FieldEvery, draft.Every},
		{&view.Frequency, schedule.FieldFrequency, draft.Frequency},
		{&view.Day, schedule.FieldDay, draft.Day},
		{&view.Start, schedule.FieldStart, draft.Start},
		{&view.End, schedule.FieldEnd, draft.End},
		{&view.PaidBy.Field, expense.FieldPaidBy, view.PaidBy.Value},
		{&view.Payee, expense.FieldPayee, draft.Payee},
		{&view.Note, expense.FieldNote, draft.Note},
		{&view.Tags, expense.FieldTags, draft.Tags},
	})
	view.More = view.Refund || view.Payee != (form.Field{}) || view.Tags != (form.Field{}) || view.Note != (form.Field{})
	return view
}

// shownField is a field with what was typed into it.
type shownField struct {
	field       *form.Field
	name, typed string
}

func fill(wrong problem.Problem, fields []shownField) {
	focused := false
	for _, f := range fields {
		f.field.Value = form.Shown(f.typed)
		f.field.Error = wrong.MessageAt(f.name)
		f.field.Focus = f.field.Error != "" && !focused
		focused = focused || f.field.Focus
	}
}

// dateType returns the kind of control that shows what was typed.
func dateType(typed string) string {
	if _, err := civil.ParseDate(typed); err != nil && typed != "" {
		return "text"
	}
	return "date"
}
