package observability

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

func (s *measuredStore) SpentSince(
	ctx context.Context, in ledger.ID, since []expense.Since, to civil.Month,
) ([]expense.SpentIn, error) {
	return measure(ctx, s.operations, "spent_since", func(ctx context.Context) ([]expense.SpentIn, error) {
		return s.next.SpentSince(ctx, in, since, to)
	})
}

func (s *measuredStore) CategoriesByID(
	ctx context.Context, in ledger.ID, ids []expense.CategoryID,
) (map[expense.CategoryID]expense.Category, error) {
	return measure(ctx, s.operations, "categories_by_id", func(ctx context.Context) (map[expense.CategoryID]expense.Category, error) {
		return s.next.CategoriesByID(ctx, in, ids)
	})
}
