package observability

import (
	"context"
	"time"

	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/token"
)

// Tokens returns next with every method measured in expense_store_operation_duration_seconds.
func (t *Telemetry) Tokens(next token.Store) token.Store {
	return &measuredTokens{next: next, operations: t.operations}
}

// measuredTokens times the calls of another store and changes nothing about them.
type measuredTokens struct {
	next       token.Store
	operations *operations
}

func (s *measuredTokens) Make(
	ctx context.Context, in ledger.ID, key idempotency.Key, secret token.Digest, given token.Token,
) (token.Token, error) {
	return measure(ctx, s.operations, "token_make", func(ctx context.Context) (token.Token, error) {
		return s.next.Make(ctx, in, key, secret, given)
	})
}

func (s *measuredTokens) List(ctx context.Context, in ledger.ID, by ledger.UserID) ([]token.Token, error) {
	return measure(ctx, s.operations, "token_list", func(ctx context.Context) ([]token.Token, error) { return s.next.List(ctx, in, by) })
}

func (s *measuredTokens) Revoke(
	ctx context.Context, in ledger.ID, id token.ID, by ledger.UserID, at time.Time, may func(token.Token) error,
) error {
	return measureDone(ctx, s.operations, "token_revoke", func() error { return s.next.Revoke(ctx, in, id, by, at, may) })
}

func (s *measuredTokens) Find(ctx context.Context, in ledger.ID, secret token.Digest) (token.Token, error) {
	return measure(ctx, s.operations, "token_find", func(ctx context.Context) (token.Token, error) { return s.next.Find(ctx, in, secret) })
}

func (s *measuredTokens) Touch(ctx context.Context, in ledger.ID, id token.ID, at time.Time) error {
	return measureDone(ctx, s.operations, "token_touch", func() error { return s.next.Touch(ctx, in, id, at) })
}

func (s *measuredTokens) EndAll(ctx context.Context, by ledger.UserID) (int, error) {
	return measure(ctx, s.operations, "token_end_all", func(ctx context.Context) (int, error) { return s.next.EndAll(ctx, by) })
}
