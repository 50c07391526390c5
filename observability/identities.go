package observability

import (
	"context"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

func (s *measuredAccounts) Depart(ctx context.Context, by account.Digest, attempt account.Attempt, now time.Time) error {
	_, err := measure(ctx, s.operations, "identity_depart", only(func(ctx context.Context) error {
		return s.next.Depart(ctx, by, attempt, now)
	}))
	return err
}

func (s *measuredAccounts) Return(ctx context.Context, by account.Digest, now time.Time) (account.Attempt, error) {
	return measure(ctx, s.operations, "identity_return", func(ctx context.Context) (account.Attempt, error) {
		return s.next.Return(ctx, by, now)
	})
}

func (s *measuredAccounts) ByIdentity(ctx context.Context, identity account.Identity) (account.Account, error) {
	return measure(ctx, s.operations, "identity_find", func(ctx context.Context) (account.Account, error) {
		return s.next.ByIdentity(ctx, identity)
	})
}

func (s *measuredAccounts) LinkOf(ctx context.Context, user ledger.UserID, issuer string) (account.Link, error) {
	return measure(ctx, s.operations, "identity_of", func(ctx context.Context) (account.Link, error) {
		return s.next.LinkOf(ctx, user, issuer)
	})
}

func (s *measuredAccounts) Link(ctx context.Context, user ledger.UserID, link account.Link) error {
	_, err := measure(ctx, s.operations, "identity_link", only(func(ctx context.Context) error { return s.next.Link(ctx, user, link) }))
	return err
}

func (s *measuredAccounts) Unlink(
	ctx context.Context, user ledger.UserID, issuer string, at time.Time, may func(account.Account) error,
) (account.Account, error) {
	return measure(ctx, s.operations, "identity_unlink", func(ctx context.Context) (account.Account, error) {
		return s.next.Unlink(ctx, user, issuer, at, may)
	})
}

func (s *measuredAccounts) CreateLinked(ctx context.Context, given account.Account, link account.Link) (account.User, error) {
	return measure(ctx, s.operations, "identity_create", func(ctx context.Context) (account.User, error) {
		return s.next.CreateLinked(ctx, given, link)
	})
}

func (s *measuredAccounts) CreateFirstLinked(
	ctx context.Context, code account.Digest, given account.Account, link account.Link,
) (account.User, error) {
	return measure(ctx, s.operations, "identity_create_first", func(ctx context.Context) (account.User, error) {
		return s.next.CreateFirstLinked(ctx, code, given, link)
	})
}

func (s *measuredAccounts) IsOffered(ctx context.Context, code account.Digest) (bool, error) {
	return measure(ctx, s.operations, "account_is_offered", func(ctx context.Context) (bool, error) { return s.next.IsOffered(ctx, code) })
}

func (s *measuredAccounts) CreateExpected(ctx context.Context, given account.Account, email string) (account.User, error) {
	return measure(ctx, s.operations, "account_create_expected", func(ctx context.Context) (account.User, error) {
		return s.next.CreateExpected(ctx, given, email)
	})
}

func (s *measuredAccounts) Expect(ctx context.Context, user ledger.UserID, email string) error {
	_, err := measure(ctx, s.operations, "identity_expect", only(func(ctx context.Context) error { return s.next.Expect(ctx, user, email) }))
	return err
}

func (s *measuredAccounts) Claim(
	ctx context.Context, email string, link account.Link, may func(account.Account) error,
) (account.Account, error) {
	return measure(ctx, s.operations, "identity_claim", func(ctx context.Context) (account.Account, error) {
		return s.next.Claim(ctx, email, link, may)
	})
}
