package categories

import (
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/words"
)

// The titles of the area's pages.
const (
	titleList       words.Phrase = "Categories"
	titleCategory   words.Phrase = "Category"
	titleNotChanged words.Phrase = "Not changed"
)

// What stands for a category that cannot be read now.
const (
	unknownCategory words.Phrase = "Category"
	chosenCategory  words.Phrase = "the category that you chose"
)

// notChosen is a merge without a target.
const notChosen fault.Phrase = "choose a category to merge into"

// labels are the fields of the forms as the page calls them.
func labels() form.Labels {
	return form.Labels{
		{Name: expense.FieldCategory, Text: "Name"},
		{Name: expense.FieldColour, Text: "Colour"},
		{Name: expense.FieldIcon, Text: "Icon"},
		{Name: expense.FieldInto, Text: "Merge into"},
	}
}
