package expense

import (
	"context"

	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// MergedCategory returns a category that was merged away, and the one that is left of it.
func (s *Service) MergedCategory(ctx context.Context, actor ledger.Actor, id CategoryID) (Merge, error) {
	if err := actor.Require(ledger.Viewer, "expense.MergedCategory"); err != nil {
		return Merge{}, err
	}
	return s.store.MergedCategory(ctx, actor.Ledger.ID, id)
}

// UndoCategory takes back the rename, the merge or the removal that made what the actor saw of a category, and returns the category. It is
// a Conflict if the category, or the one that it was merged into, was changed since.
func (s *Service) UndoCategory(ctx context.Context, actor ledger.Actor, id CategoryID, saw revision.Seen) (Category, error) {
	const op = "expense.UndoCategory"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Category{}, err
	}
	if err := s.checkCategory(ctx, op, actor, id, saw); err != nil {
		return Category{}, err
	}
	basis := revision.Basis{Revision: saw.Revision, Fingerprint: idempotency.FingerprintOf("undo")}
	return s.store.UndoCategory(ctx, actor.Ledger.ID, id, basis)
}
