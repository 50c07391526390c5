package webtest

import (
	"context"

	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/token"
)

// members is a store of members whose changes fail with its Storage.
type members struct {
	member.Storage
	storage *Storage
}

// Members returns the store of module member.
func (s *Storage) Members() member.Storage { return members{s.DB.Members(), s} }

// Change implements member.Store.
func (m members) Change(ctx context.Context, in ledger.ID, decide func([]member.Member) (member.Step, error)) error {
	if err := m.storage.err(); err != nil {
		return err
	}
	return m.Storage.Change(ctx, in, decide)
}

// Invite implements member.Store.
func (m members) Invite(ctx context.Context, in ledger.ID, token member.Hash, given member.Invitation) (member.Invitation, error) {
	if err := m.storage.err(); err != nil {
		return member.Invitation{}, err
	}
	return m.Storage.Invite(ctx, in, token, given)
}

// tokens is a store of tokens that makes none while its Storage fails.
type tokens struct {
	token.Store
	storage *Storage
}

// Tokens returns the store of module token.
func (s *Storage) Tokens() token.Store { return tokens{s.DB.Tokens(), s} }

// Make implements token.Store.
func (t tokens) Make(
	ctx context.Context, in ledger.ID, key idempotency.Key, secret token.Digest, given token.Token,
) (token.Token, error) {
	if err := t.storage.err(); err != nil {
		return token.Token{}, err
	}
	return t.Store.Make(ctx, in, key, secret, given)
}
