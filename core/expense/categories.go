package expense

import (
	"context"
	"errors"
	"strconv"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// categoriesPage is how many categories a page holds.
const categoriesPage = 200

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
	summaries, err := s.store.ListCategories(ctx, actor.Ledger.ID, after, categoriesPage+1)
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
	return s.store.GetCategory(ctx, actor.Ledger.ID, id)
}

// SuggestCategories returns the first of the categories by name, to choose one from.
func (s *Service) SuggestCategories(ctx context.Context, actor ledger.Actor) ([]Category, error) {
	if err := actor.Require(ledger.Viewer, "expense.SuggestCategories"); err != nil {
		return nil, err
	}
	return s.store.SuggestCategories(ctx, actor.Ledger.ID, MaxSuggestions)
}

// CategoryNamed returns the category of a typed name, or an Invalid fault at the field of a merge if there is none.
func (s *Service) CategoryNamed(ctx context.Context, actor ledger.Actor, typed string) (Category, error) {
	const op = "expense.CategoryNamed"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return Category{}, err
	}
	name, err := ParseCategoryName(typed)
	if err != nil {
		return Category{}, fault.At(op, FieldInto, err)
	}
	found, err := s.store.CategoryNamed(ctx, actor.Ledger.ID, name)
	if errors.Is(err, fault.NotFound) {
		return Category{}, fault.Field(op, FieldInto, "there is no category of this name")
	}
	return found, err
}

// RenameCategory gives a category another name, which no other category of the ledger may have. It is a Conflict if the category
// is not any more what the actor saw, unless this very change brought it on.
func (s *Service) RenameCategory(ctx context.Context, actor ledger.Actor, id CategoryID, saw Seen, typed string) (Category, error) {
	const op = "expense.RenameCategory"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Category{}, err
	}
	name, err := ParseCategoryName(typed)
	if err != nil {
		return Category{}, fault.At(op, FieldCategory, err)
	}
	if err := s.checkCategory(ctx, op, actor, id, saw); err != nil {
		return Category{}, err
	}
	basis := Basis{Revision: saw.Revision, Fingerprint: fingerprintOf("rename", string(name))}
	return s.store.RenameCategory(ctx, actor.Ledger.ID, id, basis, name)
}

// MergeCategory moves all expenses of one category, as the actor saw it, to another and returns the other.
func (s *Service) MergeCategory(ctx context.Context, actor ledger.Actor, from CategoryID, saw Seen, into CategoryID) (Category, error) {
	const op = "expense.MergeCategory"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Category{}, err
	}
	if from == into {
		return Category{}, fault.Field(op, FieldInto, "choose another category to merge into")
	}
	if err := s.checkCategory(ctx, op, actor, from, saw); err != nil {
		return Category{}, err
	}
	basis := Basis{Revision: saw.Revision, Fingerprint: fingerprintOf("merge", strconv.FormatInt(int64(into), 10))}
	return s.store.MergeCategory(ctx, actor.Ledger.ID, from, basis, into)
}

// checkCategory refuses a change of a category that has another name than its author saw at the same revision: only a restore brings
// that about. Everything else the storage checks, in the change's own transaction.
func (s *Service) checkCategory(ctx context.Context, op string, actor ledger.Actor, id CategoryID, saw Seen) error {
	now, err := s.store.GetCategory(ctx, actor.Ledger.ID, id)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err == nil && saw.isOther(now.Seen()) {
		return StaleCategory(op)
	}
	return err
}
