package search

import (
	"expense-tracker/core/expense"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/words"
)

const titleSearch words.Phrase = "Search"

// What stands on the filters.
const (
	onlyDeleted words.Phrase = "Deleted"
	fromDay     words.Phrase = "since %s"
	toDay       words.Phrase = "until %s"
	fromTo      words.Phrase = "%s – %s"
	upTo        words.Phrase = "up to %s"
	atLeast     words.Phrase = "%s and more"
	paidBy      words.Phrase = "paid by %s"
)

// labels are the fields of the form as the page calls them.
func labels() form.Labels {
	return form.Labels{
		{Name: expense.FieldQuery, Text: "Search"},
		{Name: expense.FieldFrom, Text: "First day"},
		{Name: expense.FieldTo, Text: "Last day"},
		{Name: expense.FieldCategory, Text: "Category"},
		{Name: expense.FieldTag, Text: "Tag"},
		{Name: expense.FieldCurrency, Text: "Currency"},
		{Name: expense.FieldMin, Text: "Lowest price"},
		{Name: expense.FieldMax, Text: "Highest price"},
		{Name: expense.FieldPaidBy, Text: "Paid by"},
	}
}
