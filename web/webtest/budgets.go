package webtest

import (
	"context"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// Budgets returns a store of budgets that can be taken away.
func (s *Storage) Budgets() budget.Store { return budgets{s.DB.Budgets(), s} }

// budgets fails when its storage does.
type budgets struct {
	budget.Store
	storage *Storage
}

func (b budgets) List(ctx context.Context, in ledger.ID, from, to civil.Month) ([]budget.Budget, error) {
	if err := b.storage.err(); err != nil {
		return nil, err
	}
	return b.Store.List(ctx, in, from, to)
}

func (b budgets) Get(ctx context.Context, in ledger.ID, of budget.CategoryID, from civil.Month) (budget.Budget, error) {
	if err := b.storage.err(); err != nil {
		return budget.Budget{}, err
	}
	return b.Store.Get(ctx, in, of, from)
}

func (b budgets) Set(
	ctx context.Context, in ledger.ID, of budget.CategoryID, basis revision.Basis, term budget.Term,
) (budget.Budget, error) {
	if err := b.storage.err(); err != nil {
		return budget.Budget{}, err
	}
	return b.Store.Set(ctx, in, of, basis, term)
}

// SpentSince implements expense.Store.
func (s *Storage) SpentSince(ctx context.Context, in ledger.ID, since []expense.Since, to civil.Month) ([]expense.SpentIn, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	return s.Store.SpentSince(ctx, in, since, to)
}
