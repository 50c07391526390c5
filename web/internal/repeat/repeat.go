// Package repeat says what the pages of repeats and the first page have in common: how a repeat is called, and where it is found.
package repeat

import (
	"cmp"
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/core/schedule"
)

// List is the address of all repeats.
const List = "/repeats"

// Address returns the address of a repeat's page.
func Address(id schedule.ID) string { return List + "/" + strconv.FormatInt(int64(id), 10) }

// Name is what a repeat is called: its payee if it has one, or else its category.
func Name(s schedule.Schedule, category expense.Category) string {
	return cmp.Or(s.Spending.Payee, string(category.Name))
}

// Spent is what a price counts for: money that comes back counts as less spent.
func Spent(s schedule.Schedule, price money.Amount) money.Amount {
	if s.Spending.Refund {
		return price.Neg()
	}
	return price
}

// Categories finds the categories of repeats as they are called now.
type Categories map[expense.CategoryID]expense.Category

// CategoriesAmong returns those among the categories that pages suggest.
func CategoriesAmong(suggested []expense.Category) Categories {
	found := make(Categories, len(suggested))
	for _, c := range suggested {
		found[c.ID] = c
	}
	return found
}

// Of returns the category of a repeat: that of its last expense, or the one that has its name, or one of that name without a colour,
// which comes with the first expense.
func (k Categories) Of(s schedule.Schedule) expense.Category {
	if found, ok := k[expense.CategoryID(s.Progress.Category)]; ok {
		return found
	}
	name := expense.CategoryName(s.Spending.Category)
	for _, c := range k {
		if c.Name.Key() == name.Key() {
			return c
		}
	}
	unknown := expense.NewCategory(0, name, expense.Look{}, false)
	unknown.Colour = ""
	return unknown
}
