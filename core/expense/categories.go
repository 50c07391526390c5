package expense

import (
	"context"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// CategoryPage is a stretch of a ledger's categories, by name.
type CategoryPage struct {
	Categories []CategorySummary
	Next       string // the key after which the next page starts; empty if there is none
}

// Categories returns a page of the categories whose keys come after the given one; an empty key starts at the first.
func (s *Service) Categories(ctx context.Context, actor ledger.Actor, after string) (CategoryPage, error) {
	if err := actor.Require(ledger.Viewer, "expense.Categories"); err != nil {
		return CategoryPage{}, err
	}
	summaries, err := s.store.ListCategories(ctx, actor.Ledger, after, categoriesPage+1)
	if err != nil {
		return CategoryPage{}, err
	}
	page := CategoryPage{Categories: summaries}
	if len(summaries) > categoriesPage {
		page.Categories = summaries[:categoriesPage]
		page.Next = page.Categories[categoriesPage-1].Category.Name.Key()
	}
	return page, nil
}

// Category returns a category with its totals.
func (s *Service) Category(ctx context.Context, actor ledger.Actor, id CategoryID) (CategorySummary, error) {
	if err := actor.Require(ledger.Viewer, "expense.Category"); err != nil {
		return CategorySummary{}, err
	}
	return s.store.GetCategory(ctx, actor.Ledger, id)
}

// RenameCategory gives a category another name, which no other category of the ledger may have.
func (s *Service) RenameCategory(ctx context.Context, actor ledger.Actor, id CategoryID, typed string) (Category, error) {
	const op = "expense.RenameCategory"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Category{}, err
	}
	name, err := ParseCategoryName(typed)
	if err != nil {
		return Category{}, fault.Field(op, FieldCategory, err.Error())
	}
	return s.store.RenameCategory(ctx, actor.Ledger, id, name)
}

// MergeCategory moves all expenses of one category to another and returns the other.
func (s *Service) MergeCategory(ctx context.Context, actor ledger.Actor, from, into CategoryID) (Category, error) {
	const op = "expense.MergeCategory"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Category{}, err
	}
	if from == into {
		return Category{}, fault.Field(op, FieldInto, "choose another category to merge into")
	}
	return s.store.MergeCategory(ctx, actor.Ledger, from, into)
}
