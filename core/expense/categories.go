package expense

import (
	"context"
	"strconv"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// CategoryPage is a stretch of a ledger's categories, by name.
type CategoryPage struct {
	Categories []CategorySummary
	Next       string // the key after which the next page starts; empty if there is none
}

// Categories returns a page of the categories whose keys come after the given one; an empty key starts at the first. A key that no
// category can have is NotFound: what a storage would make of it is its own affair.
func (s *Service) Categories(ctx context.Context, actor ledger.Actor, after string) (CategoryPage, error) {
	if err := actor.Require(ledger.Viewer, "expense.Categories"); err != nil {
		return CategoryPage{}, err
	}
	if !mayBeKey(after) {
		return CategoryPage{}, errNoPlace("expense.Categories")
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

// RenameCategory gives a category another name, which no other category of the ledger may have. It is a Conflict if the category
// is not at the revision any more that the actor saw, unless this very change brought it on.
func (s *Service) RenameCategory(ctx context.Context, actor ledger.Actor, id CategoryID, revision int, typed string) (Category, error) {
	const op = "expense.RenameCategory"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Category{}, err
	}
	name, err := ParseCategoryName(typed)
	if err != nil {
		return Category{}, fault.Field(op, FieldCategory, err.Error())
	}
	basis := Basis{Revision: revision, Fingerprint: fingerprintOf("rename", string(name))}
	return s.store.RenameCategory(ctx, actor.Ledger, id, basis, name)
}

// MergeCategory moves all expenses of one category, at the revision that the actor saw, to another and returns the other.
func (s *Service) MergeCategory(ctx context.Context, actor ledger.Actor, from CategoryID, revision int, into CategoryID) (Category, error) {
	const op = "expense.MergeCategory"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Category{}, err
	}
	if from == into {
		return Category{}, fault.Field(op, FieldInto, "choose another category to merge into")
	}
	basis := Basis{Revision: revision, Fingerprint: fingerprintOf("merge", strconv.FormatInt(int64(into), 10))}
	return s.store.MergeCategory(ctx, actor.Ledger, from, basis, into)
}
