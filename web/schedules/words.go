package schedules

import (
	"expense-tracker/core/expense"
	"expense-tracker/core/schedule"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/words"
)

// The titles of the area's pages.
const (
	titleList       words.Phrase = "Repeats"
	titleNew        words.Phrase = "New repeat"
	titleNotAdded   words.Phrase = "Not added"
	titleNotChanged words.Phrase = "Not changed"
	titleRepeat     words.Phrase = "Repeat"
)

const pausedSince words.Phrase = "since %s"

// labels are the fields of the forms as the pages call them.
func labels() form.Labels {
	return form.Labels{
		{Name: expense.FieldPrice, Text: "Amount"},
		{Name: expense.FieldCurrency, Text: "Currency"},
		{Name: expense.FieldCategory, Text: "Category"},
		{Name: schedule.FieldEvery, Text: "Every"},
		{Name: schedule.FieldFrequency, Text: "Unit"},
		{Name: schedule.FieldDay, Text: "Day of the month"},
		{Name: schedule.FieldStart, Text: "Starts on"},
		{Name: schedule.FieldEnd, Text: "Ends on"},
		{Name: expense.FieldPaidBy, Text: "Paid by"},
		{Name: expense.FieldPayee, Text: "Payee"},
		{Name: expense.FieldNote, Text: "Note"},
		{Name: expense.FieldTags, Text: "Tags"},
		{Name: schedule.FieldFrom, Text: "From"},
	}
}
