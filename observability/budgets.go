package observability

import (
	"context"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// Budgets returns next with every method measured in expense_store_operation_duration_seconds.
func (t *Telemetry) Budgets(next budget.Store) budget.Store {
	return &measuredBudgets{next: next, operations: t.operations}
}

// measuredBudgets times the calls of another store and changes nothing about them.
type measuredBudgets struct {
	next       budget.Store
	operations *operations
}

func (s *measuredBudgets) List(ctx context.Context, in ledger.ID, from, to civil.Month) ([]budget.Budget, error) {
	return measure(ctx, s.operations, "budget_list", func(ctx context.Context) ([]budget.Budget, error) {
		return s.next.List(ctx, in, from, to)
	})
}

func (s *measuredBudgets) Get(ctx context.Context, in ledger.ID, of budget.CategoryID, from civil.Month) (budget.Budget, error) {
	return measure(ctx, s.operations, "budget_get", func(ctx context.Context) (budget.Budget, error) { return s.next.Get(ctx, in, of, from) })
}

func (s *measuredBudgets) Set(
	ctx context.Context, in ledger.ID, of budget.CategoryID, basis revision.Basis, term budget.Term,
) (budget.Budget, error) {
	return measure(ctx, s.operations, "budget_set", func(ctx context.Context) (budget.Budget, error) {
		return s.next.Set(ctx, in, of, basis, term)
	})
}
