package categories

import (
	"expense-tracker/core/expense"
	"expense-tracker/web/internal/form"
)

// The titles of the area's pages.
const (
	titleList       = "Categories"
	titleCategory   = "Category"
	titleNotChanged = "Not changed"
)

// What stands for a category that cannot be read now.
const (
	unknownCategory = "Category"
	chosenCategory  = "the category that you chose"
)

// notChosen is a merge without a target.
const notChosen = "choose a category to merge into"

// labels are the fields of the forms as the page calls them.
func labels() form.Labels {
	return form.Labels{
		{Name: expense.FieldCategory, Text: "Category"},
		{Name: expense.FieldInto, Text: "Merge into"},
	}
}
