package main

import (
	"context"
	"crypto/rand"
	"time"

	"expense-tracker/cmd/expense-tracker/later"
	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/token"
	"expense-tracker/observability"
)

// newTokens returns the service of tokens, if people sign in: where nobody does, a program needs none. Uses are written down by a worker
// of its own, which stop ends, so that no request waits for that.
func newTokens(
	ctx context.Context, opened storage, telemetry *observability.Telemetry, accounts *account.Service, members *member.Service,
) (tokens *token.Service, stop func()) {
	if accounts == nil {
		return nil, func() {}
	}
	worker, stop := later.Start(ctx, token.TouchAfter)
	return token.NewService(telemetry.Tokens(opened.Tokens()), token.Settings{
		Now: time.Now, Random: func(b []byte) { _, _ = rand.Read(b) }, // which never fails
		NewKey: newKey, Place: members.Place, Later: worker.Do,
		Wrong: func(ctx context.Context, network string) error { return accounts.CountWrong(ctx, "token", network) },
	}), stop
}

// endTokens revokes the tokens of a user whom the operator keeps out, so that none comes to life with the account.
func endTokens(ctx context.Context, store storage, user ledger.UserID) error {
	_, err := store.Tokens().EndAll(ctx, user)
	return err
}
