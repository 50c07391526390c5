package expenses

import (
	"net/http"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// labels are the fields of the form as the page calls them.
func labels() form.Labels {
	return form.Labels{
		{Name: expense.FieldPrice, Text: "Price"},
		{Name: expense.FieldCategory, Text: "Category"},
		{Name: expense.FieldDate, Text: "Date"},
		{Name: expense.FieldCurrency, Text: "Currency"},
		{Name: expense.FieldPaidBy, Text: "Paid by"},
		{Name: expense.FieldPayee, Text: "Payee"},
		{Name: expense.FieldNote, Text: "Note"},
		{Name: expense.FieldTags, Text: "Tags"},
		{Name: expense.FieldLine, Text: "Or in one line"},
	}
}

// draftOf returns the expense that a form says.
func draftOf(r *http.Request) expense.Draft {
	draft := expense.Draft{
		Category: lastTyped(r.PostForm[expense.FieldCategory]),
		Price:    r.PostForm.Get(expense.FieldPrice),
		Currency: r.PostForm.Get(expense.FieldCurrency),
		Date:     r.PostForm.Get(expense.FieldDate),
		Note:     r.PostForm.Get(expense.FieldNote),
		Payee:    r.PostForm.Get(expense.FieldPayee),
		Tags:     r.PostForm.Get(expense.FieldTags),
		Refund:   r.PostForm.Get(expense.FieldRefund) != "",
		Key:      r.PostForm.Get(expense.FieldKey),
	}
	if payers := r.PostForm[expense.FieldPaidBy]; len(payers) > 0 {
		draft.PaidBy = &payers[0]
	}
	return draft
}

// lastTyped returns the last value that says something: a category that is typed wins over one that is chosen before it.
func lastTyped(values []string) string {
	last := ""
	for _, value := range values {
		if last == "" || strings.TrimSpace(value) != "" {
			last = value
		}
	}
	return last
}

// draftFrom returns the draft that would store e as it is.
func draftFrom(e expense.Expense) expense.Draft {
	payer := expense.PayerText(e.PaidBy)
	return expense.Draft{
		Category: string(e.Category.Name), Price: e.Price.Decimal(), Currency: e.Price.Currency().Code(),
		Date: e.Date.String(), Note: e.Note, Payee: e.Payee, Tags: e.Tags.Typed(), Refund: e.Refund,
		PaidBy: &payer,
	}
}

// formView is the form of an expense.
type formView struct {
	Category, Price, Currency, Date, Note, Payee, Tags, Line form.Field
	PaidBy                                                   form.Select

	Refund      bool
	More        bool   // one of the fields that stand folded has something in it
	Zero        string // nothing of the currency, as it is typed
	DateType    string // the kind of control: one for dates would drop what is none
	Suggestions []string
}

// newFormView shows a draft as it was typed, to one of the company. What is wrong about a field stands at it, and the first such
// field takes the focus.
func newFormView(in *words.Language, of payer.Company, own money.Currency, draft expense.Draft, wrong problem.Problem) formView {
	view := formView{Zero: in.Zero(draft.Currency, own), DateType: "date", Refund: draft.Refund}
	if _, err := civil.ParseDate(draft.Date); err != nil && draft.Date != "" {
		view.DateType = "text"
	}
	focused := false
	for _, f := range []struct {
		field *form.Field
		name  string
		typed string
	}{
		{&view.Price, expense.FieldPrice, draft.Price},
		{&view.Category, expense.FieldCategory, draft.Category},
		{&view.Date, expense.FieldDate, draft.Date},
		{&view.Currency, expense.FieldCurrency, draft.Currency},
		{&view.Payee, expense.FieldPayee, draft.Payee},
		{&view.Note, expense.FieldNote, draft.Note},
		{&view.Tags, expense.FieldTags, draft.Tags},
		{&view.Line, expense.FieldLine, draft.Line},
	} {
		f.field.Value = form.Shown(f.typed)
		f.field.Error = wrong.MessageAt(f.name)
		f.field.Focus = f.field.Error != "" && !focused
		focused = focused || f.field.Focus
	}
	view.PaidBy = of.Ask(in, draft.PaidBy, wrong.MessageAt(expense.FieldPaidBy))
	view.PaidBy.Focus = view.PaidBy.Error != "" && !focused
	view.More = view.Refund || view.Payee != (form.Field{}) || view.Tags != (form.Field{}) || view.Line != (form.Field{})
	return view
}

// names are the names of categories, to choose from.
func names(categories []expense.Category) []string {
	names := make([]string, len(categories))
	for i, c := range categories {
		names[i] = string(c.Name)
	}
	return names
}
