// Package repeat says what the pages of repeats and the first page have in common: how a repeat is called, and where it is found.
package repeat

import (
	"cmp"
	"context"
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
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

// Service is what CategoriesOf asks.
type Service interface {
	// SuggestCategories returns the categories that pages offer.
	SuggestCategories(ctx context.Context, actor ledger.Actor) ([]expense.Category, error)
	// CategoriesByID returns the categories of the IDs, each as what is left of it after merges.
	CategoriesByID(ctx context.Context, actor ledger.Actor, ids []expense.CategoryID) (map[expense.CategoryID]expense.Category, error)
}

// CategoriesOf returns the categories of repeats: those of their last expenses, which need not be suggested any more, and for repeats
// without an expense those that are.
func CategoriesOf(ctx context.Context, service Service, actor ledger.Actor, repeats []schedule.Schedule) (Categories, error) {
	found := make(Categories)
	var ids []expense.CategoryID
	isNew := false
	for _, one := range repeats {
		if id := expense.CategoryID(one.Progress.Category); id != 0 {
			ids = append(ids, id)
		} else {
			isNew = true
		}
	}
	if isNew {
		suggested, err := service.SuggestCategories(ctx, actor)
		if err != nil {
			return nil, err
		}
		for _, c := range suggested {
			found[c.ID] = c
		}
	}
	known, err := service.CategoriesByID(ctx, actor, ids)
	for id, c := range known {
		found[id] = c
	}
	return found, err
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
