package webtest

import (
	"context"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// visits is a store of accounts that fails with its Storage, where a page asks for who reads it.
type visits struct {
	account.Store
	storage *Storage
}

// Accounts returns the store of module account.
func (s *Storage) Accounts() account.Store { return visits{s.DB.Accounts(), s} }

// Visit implements account.Visits.
func (v visits) Visit(ctx context.Context, token account.Digest, wish ledger.ID) (account.Visit, error) {
	if err := v.storage.err(); err != nil {
		return account.Visit{}, err
	}
	return v.Store.Visit(ctx, token, wish)
}
