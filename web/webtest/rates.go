package webtest

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/rate"
	"expense-tracker/core/revision"
)

// Rates returns a store of rates that can be taken away.
func (s *Storage) Rates() rate.Store { return rates{s.DB.Rates(), s} }

// rates fails when its storage does.
type rates struct {
	rate.Store
	storage *Storage
}

func (r rates) Newest(ctx context.Context, in ledger.ID, home string, currencies []string, on civil.Date) ([]rate.Rate, error) {
	if err := r.storage.err(); err != nil {
		return nil, err
	}
	return r.Store.Newest(ctx, in, home, currencies, on)
}

func (r rates) List(ctx context.Context, in ledger.ID, home string, before rate.ID, limit int) ([]rate.Rate, error) {
	if err := r.storage.err(); err != nil {
		return nil, err
	}
	return r.Store.List(ctx, in, home, before, limit)
}

func (r rates) Get(ctx context.Context, in ledger.ID, id rate.ID) (rate.Rate, error) {
	if err := r.storage.err(); err != nil {
		return rate.Rate{}, err
	}
	return r.Store.Get(ctx, in, id)
}

func (r rates) Put(ctx context.Context, in ledger.ID, basis revision.Basis, given rate.Rate) (rate.Rate, error) {
	if err := r.storage.err(); err != nil {
		return rate.Rate{}, err
	}
	return r.Store.Put(ctx, in, basis, given)
}
