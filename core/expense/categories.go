package expense

import (
	"context"
	"errors"
	"strconv"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
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
func (s *Service) RenameCategory(
	ctx context.Context, actor ledger.Actor, id CategoryID, saw revision.Seen, typed string,
) (Category, error) {
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
	basis := revision.Basis{Revision: saw.Revision, Fingerprint: idempotency.FingerprintOf("rename", string(name))}
	return s.store.RenameCategory(ctx, actor.Ledger.ID, id, basis, name)
}

// MergeCategory moves all expenses of one category, as the actor saw it, to another and returns the other. It is Invalid at FieldInto if a
// total of both cannot be kept exactly.
func (s *Service) MergeCategory(
	ctx context.Context, actor ledger.Actor, from CategoryID, saw revision.Seen, into CategoryID,
) (Category, error) {
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
	basis := revision.Basis{Revision: saw.Revision, Fingerprint: idempotency.FingerprintOf("merge", strconv.FormatInt(int64(into), 10))}
	left, err := s.store.MergeCategory(ctx, actor.Ledger.ID, from, basis, into)
	if errors.Is(err, fault.Invalid) { // what the storage says is meant for one expense and its price
		refused := fault.Field(op, FieldInto, "together the two would have a larger total than can be kept exactly")
		refused.Err = money.ErrOverflow
		return Category{}, refused
	}
	return left, err
}

// SetCategoryLook gives a category a colour and an icon, as typed. What is left empty is what the category has by itself, and so is what
// equals that: such an icon follows the name.
func (s *Service) SetCategoryLook(
	ctx context.Context, actor ledger.Actor, id CategoryID, saw revision.Seen, colour, icon string,
) (Category, error) {
	const op = "expense.SetCategoryLook"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Category{}, err
	}
	var look Look
	var violations []fault.Violation
	var err error
	if look.Colour, err = ParseColour(colour); err != nil {
		violations = append(violations, fault.Violation{Field: FieldColour, Message: fault.Said(err)})
	}
	if look.Icon, err = ParseIcon(icon); err != nil {
		violations = append(violations, fault.Violation{Field: FieldIcon, Message: fault.Said(err)})
	}
	if violations != nil {
		return Category{}, &fault.Error{Kind: fault.Invalid, Op: op, Violations: violations}
	}
	chosen := []string{"look", string(look.Colour), look.Icon}
	now, err := s.store.GetCategory(ctx, actor.Ledger.ID, id)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return Category{}, err
	}
	look = now.Category.chosen(look)
	return s.changeCategory(ctx, op, actor, id, saw, CategoryChange{Look: &look}, chosen...)
}

// ArchiveCategory archives a category, so that it is not suggested any more, or brings it back.
func (s *Service) ArchiveCategory(
	ctx context.Context, actor ledger.Actor, id CategoryID, saw revision.Seen, archived bool,
) (Category, error) {
	const op = "expense.ArchiveCategory"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Category{}, err
	}
	return s.changeCategory(ctx, op, actor, id, saw, CategoryChange{Archived: &archived}, "archive", strconv.FormatBool(archived))
}

func (s *Service) changeCategory(
	ctx context.Context, op string, actor ledger.Actor, id CategoryID, saw revision.Seen, change CategoryChange, words ...string,
) (Category, error) {
	if err := s.checkCategory(ctx, op, actor, id, saw); err != nil {
		return Category{}, err
	}
	basis := revision.Basis{Revision: saw.Revision, Fingerprint: idempotency.FingerprintOf(words...)}
	return s.store.ChangeCategory(ctx, actor.Ledger.ID, id, basis, change)
}

// RemoveCategory removes a category that has no expenses. It is a Conflict if it has some.
func (s *Service) RemoveCategory(ctx context.Context, actor ledger.Actor, id CategoryID, saw revision.Seen) error {
	const op = "expense.RemoveCategory"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return err
	}
	if err := s.checkCategory(ctx, op, actor, id, saw); err != nil {
		return err
	}
	basis := revision.Basis{Revision: saw.Revision, Fingerprint: idempotency.FingerprintOf("remove")}
	return s.store.RemoveCategory(ctx, actor.Ledger.ID, id, basis)
}

// checkCategory refuses a change of a category that has another name than its author saw at the same revision: only a restore brings
// that about. Everything else the storage checks, in the change's own transaction.
func (s *Service) checkCategory(ctx context.Context, op string, actor ledger.Actor, id CategoryID, saw revision.Seen) error {
	now, err := s.store.GetCategory(ctx, actor.Ledger.ID, id)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err == nil && saw.IsOther(now.Seen()) {
		return StaleCategory(op)
	}
	return err
}
