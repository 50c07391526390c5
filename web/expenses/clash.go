package expenses

import (
	"cmp"
	"net/http"
	"slices"

	"expense-tracker/core/expense"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/words"
)

// The fields with which a form says what to keep where two people changed the same: stored_price is taken for price if keep_price says
// so. What was typed stands in the form's own fields.
const (
	keepPrefix   = "keep_"
	storedPrefix = "stored_"
	keepStored   = "stored" // or anything else for what was typed
)

// clashView is the choice between what two people made of the same fields. Everything else is put together.
type clashView struct {
	Hidden   []hiddenField // what was typed, and what is stored
	Fields   []versusView
	Together []saidView
}

type hiddenField struct{ Name, Value string }

// versusView is one field in two versions.
type versusView struct {
	Name, Label  string
	Stored, Mine string // in words; empty for nothing
}

// saidView is a field as people read it.
type saidView struct{ Label, Text string }

func newClash(in *words.Language, of payer.Company, clash *expense.Clash) *clashView {
	view := &clashView{}
	stored, mine := fieldsOf(in, of, clash.Stored), fieldsOf(in, of, clash.Mine)
	for i, field := range stored {
		switch {
		case slices.Contains(clash.Fields, field.name):
			view.Fields = append(view.Fields, versusView{
				Name: field.name, Label: in.T(field.label), Stored: field.text, Mine: mine[i].text,
			})
			for name, value := range valuesOf(clash.Stored, field.name) {
				view.Hidden = append(view.Hidden, hiddenField{storedPrefix + name, value})
			}
		case field.text != "":
			view.Together = append(view.Together, saidView{in.T(field.label), field.text})
		}
		if field.name == expense.FieldPaidBy && !of.IsShared() {
			continue // nobody was asked
		}
		for name, value := range valuesOf(clash.Mine, field.name) {
			view.Hidden = append(view.Hidden, hiddenField{name, value})
		}
	}
	slices.SortFunc(view.Hidden, func(f, other hiddenField) int { return cmp.Compare(f.Name, other.Name) })
	return view
}

// saidField is a field of an expense as people read it.
type saidField struct {
	name  string
	label words.Phrase
	text  string // empty for nothing
}

// fieldsOf returns what an expense says, field by field.
func fieldsOf(in *words.Language, of payer.Company, e expense.Expense) []saidField {
	return []saidField{
		{expense.FieldCategory, "Category", string(e.Category.Name)},
		{expense.FieldPrice, "Price", in.Amount(e.Spent())},
		{expense.FieldDate, "Date", in.FullDay(e.Date)},
		{expense.FieldPaidBy, "Paid by", of.Name(e.PaidBy)},
		{expense.FieldPayee, "Payee", e.Payee},
		{expense.FieldTags, "Tags", e.Tags.Typed()},
		{expense.FieldNote, "Note", e.Note},
	}
}

// valuesOf returns what a form sends for one field of an expense. A price goes with its currency and the mark of a refund.
func valuesOf(e expense.Expense, field string) map[string]string {
	draft := draftFrom(e)
	switch field {
	case expense.FieldCategory:
		return map[string]string{field: draft.Category}
	case expense.FieldPrice:
		values := map[string]string{field: draft.Price, expense.FieldCurrency: draft.Currency}
		if draft.Refund {
			values[expense.FieldRefund] = "1"
		}
		return values
	case expense.FieldDate:
		return map[string]string{field: draft.Date}
	case expense.FieldPaidBy:
		return map[string]string{field: *draft.PaidBy}
	case expense.FieldPayee:
		return map[string]string{field: draft.Payee}
	case expense.FieldTags:
		return map[string]string{field: draft.Tags}
	}
	return map[string]string{field: draft.Note}
}

// chosenOf returns the draft that a form says, with what is stored in the fields for which that was chosen.
func chosenOf(r *http.Request) expense.Draft {
	draft := draftOf(r)
	for field, take := range map[string]func(string){
		expense.FieldCategory: func(value string) { draft.Category = value },
		expense.FieldPrice: func(value string) {
			draft.Price, draft.Currency = value, r.PostForm.Get(storedPrefix+expense.FieldCurrency)
			draft.Refund = r.PostForm.Get(storedPrefix+expense.FieldRefund) != ""
		},
		expense.FieldDate:   func(value string) { draft.Date = value },
		expense.FieldPayee:  func(value string) { draft.Payee = value },
		expense.FieldPaidBy: func(value string) { draft.PaidBy = &value },
		expense.FieldTags:   func(value string) { draft.Tags = value },
		expense.FieldNote:   func(value string) { draft.Note = value },
	} {
		if r.PostForm.Get(keepPrefix+field) == keepStored {
			take(r.PostForm.Get(storedPrefix + field))
		}
	}
	return draft
}
