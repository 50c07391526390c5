package observability

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/rate"
	"expense-tracker/core/revision"
)

// Rates returns next with every method measured in expense_store_operation_duration_seconds.
func (t *Telemetry) Rates(next rate.Store) rate.Store {
	return &measuredRates{next: next, operations: t.operations}
}

// measuredRates times the calls of another store and changes nothing about them.
type measuredRates struct {
	next       rate.Store
	operations *operations
}

func (s *measuredRates) Newest(ctx context.Context, in ledger.ID, home string, currencies []string, on civil.Date) ([]rate.Rate, error) {
	return measure(ctx, s.operations, "rate_newest", func(ctx context.Context) ([]rate.Rate, error) {
		return s.next.Newest(ctx, in, home, currencies, on)
	})
}

func (s *measuredRates) List(ctx context.Context, in ledger.ID, home string, before rate.ID, limit int) ([]rate.Rate, error) {
	return measure(ctx, s.operations, "rate_list", func(ctx context.Context) ([]rate.Rate, error) {
		return s.next.List(ctx, in, home, before, limit)
	})
}

func (s *measuredRates) Get(ctx context.Context, in ledger.ID, id rate.ID) (rate.Rate, error) {
	return measure(ctx, s.operations, "rate_get", func(ctx context.Context) (rate.Rate, error) { return s.next.Get(ctx, in, id) })
}

func (s *measuredRates) Put(ctx context.Context, in ledger.ID, basis revision.Basis, given rate.Rate) (rate.Rate, error) {
	return measure(ctx, s.operations, "rate_put", func(ctx context.Context) (rate.Rate, error) { return s.next.Put(ctx, in, basis, given) })
}
