package memory

import (
	"context"
	"maps"
	"slices"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// identityShelf is what the storage keeps of identities.
type identityShelf struct {
	links    []linkOfUser
	expected map[string]ledger.UserID // by address
	attempts map[account.Digest]account.Attempt
}

// linkOfUser is a link with its user.
type linkOfUser struct {
	account.Link
	user ledger.UserID
}

func newIdentityShelf() identityShelf {
	return identityShelf{expected: make(map[string]ledger.UserID), attempts: make(map[account.Digest]account.Attempt)}
}

// Depart implements account.Identities.
func (s *accountStore) Depart(_ context.Context, by account.Digest, attempt account.Attempt, now time.Time) error {
	defer s.write()()
	maps.DeleteFunc(s.attempts, func(_ account.Digest, a account.Attempt) bool { return !now.Before(a.Expires) })
	if _, known := s.attempts[by]; !known {
		s.attempts[by] = attempt
	}
	return nil
}

// Return implements account.Identities.
func (s *accountStore) Return(_ context.Context, by account.Digest, now time.Time) (account.Attempt, error) {
	defer s.write()()
	attempt, found := s.attempts[by]
	delete(s.attempts, by)
	if !found || !now.Before(attempt.Expires) {
		return account.Attempt{}, account.NoSuchAttempt("memory.Return")
	}
	return attempt, nil
}

// ByIdentity implements account.Identities.
func (s *accountStore) ByIdentity(_ context.Context, identity account.Identity) (account.Account, error) {
	defer s.read()()
	return s.byIdentity("memory.ByIdentity", identity)
}

func (s *accountStore) byIdentity(op string, identity account.Identity) (account.Account, error) {
	for _, link := range s.links {
		if link.Identity == identity {
			return s.get(op, link.user)
		}
	}
	return account.Account{}, account.NoSuchIdentity(op)
}

// LinkOf implements account.Identities.
func (s *accountStore) LinkOf(_ context.Context, user ledger.UserID, issuer string) (account.Link, error) {
	defer s.read()()
	for _, link := range s.links {
		if link.user == user && link.Issuer == issuer {
			return link.Link, nil
		}
	}
	return account.Link{}, account.NoSuchIdentity("memory.LinkOf")
}

// Link implements account.Identities.
func (s *accountStore) Link(_ context.Context, user ledger.UserID, link account.Link) error {
	const op = "memory.Link"
	defer s.write()()
	if _, err := s.get(op, user); err != nil {
		return err
	}
	return s.link(op, user, link)
}

func (s *accountStore) link(op string, user ledger.UserID, link account.Link) error {
	for _, other := range s.links {
		switch {
		case other.Identity == link.Identity && other.user == user:
			return nil
		case other.Identity == link.Identity, other.user == user && other.Issuer == link.Issuer:
			return account.IdentityTaken(op)
		}
	}
	s.links = append(s.links, linkOfUser{link, user})
	s.journal.note(account.LinkedBy(user, link))
	return nil
}

// Unlink implements account.Identities.
func (s *accountStore) Unlink(
	_ context.Context, user ledger.UserID, issuer string, when time.Time, may func(account.Account) error,
) (account.Account, error) {
	const op = "memory.Unlink"
	defer s.write()()
	now, err := s.get(op, user)
	if err != nil {
		return account.Account{}, err
	}
	at := slices.IndexFunc(s.links, func(link linkOfUser) bool { return link.user == user && link.Issuer == issuer })
	if at < 0 {
		return account.Account{}, account.NoSuchIdentity(op)
	}
	if err := may(now); err != nil {
		return account.Account{}, err
	}
	s.links = slices.Delete(s.links, at, at+1)
	now.Generation++
	s.accounts[user-1] = now
	s.journal.note(account.UnlinkedBy(user, when))
	return now, nil
}

// CreateLinked implements account.Identities.
func (s *accountStore) CreateLinked(_ context.Context, given account.Account, link account.Link) (account.User, error) {
	const op = "memory.CreateLinked"
	defer s.write()()
	return s.createLinked(op, given, link, func() (account.User, error) { return s.create(op, given) })
}

// CreateFirstLinked implements account.Identities.
func (s *accountStore) CreateFirstLinked(
	_ context.Context, code account.Digest, given account.Account, link account.Link,
) (account.User, error) {
	const op = "memory.CreateFirstLinked"
	defer s.write()()
	return s.createLinked(op, given, link, func() (account.User, error) { return s.createFirst(op, code, given) })
}

// createLinked creates an account whose identity is nobody else's.
func (s *accountStore) createLinked(
	op string, given account.Account, link account.Link, create func() (account.User, error),
) (account.User, error) {
	if holder, err := s.byIdentity(op, link.Identity); err == nil && holder.Hash != given.Hash {
		return account.User{}, account.IdentityTaken(op)
	}
	made, err := create()
	if err != nil {
		return account.User{}, err
	}
	return made, s.link(op, made.ID, link)
}

// IsOffered implements account.Identities.
func (s *accountStore) IsOffered(_ context.Context, code account.Digest) (bool, error) {
	defer s.read()()
	return s.isOffered(code), nil
}

// CreateExpected implements account.Identities.
func (s *accountStore) CreateExpected(_ context.Context, given account.Account, email string) (account.User, error) {
	const op = "memory.CreateExpected"
	defer s.write()()
	if holder, taken := s.expected[email]; taken && s.accounts[holder-1].Hash != given.Hash {
		return account.User{}, account.IdentityTaken(op)
	}
	made, err := s.create(op, given)
	if err != nil {
		return account.User{}, err
	}
	return made, s.expect(op, made.ID, email)
}

// Expect implements account.Identities.
func (s *accountStore) Expect(_ context.Context, user ledger.UserID, email string) error {
	const op = "memory.Expect"
	defer s.write()()
	if _, err := s.get(op, user); err != nil {
		return err
	}
	return s.expect(op, user, email)
}

// expect expects a user with an address. The caller writes.
func (s *accountStore) expect(op string, user ledger.UserID, email string) error {
	if holder, taken := s.expected[email]; taken && holder != user {
		return account.IdentityTaken(op)
	}
	s.expectNoMore(user)
	s.expected[email] = user
	return nil
}

// forgetIdentities forgets what leads from a provider to a user. The caller writes.
func (s *accountStore) forgetIdentities(user ledger.UserID) {
	s.links = slices.DeleteFunc(s.links, func(link linkOfUser) bool { return link.user == user })
	maps.DeleteFunc(s.attempts, func(_ account.Digest, a account.Attempt) bool { return a.User == user })
	s.expectNoMore(user)
}

func (s *accountStore) expectNoMore(user ledger.UserID) {
	maps.DeleteFunc(s.expected, func(_ string, id ledger.UserID) bool { return id == user })
}

// Claim implements account.Identities.
func (s *accountStore) Claim(
	_ context.Context, email string, link account.Link, may func(account.Account) error,
) (account.Account, error) {
	const op = "memory.Claim"
	defer s.write()()
	user, expected := s.expected[email]
	if !expected {
		return account.Account{}, account.NoSuchIdentity(op)
	}
	now, err := s.get(op, user)
	if err == nil {
		err = may(now)
	}
	if err == nil {
		err = s.link(op, user, link)
	}
	if err != nil {
		return account.Account{}, err
	}
	s.expectNoMore(user)
	return now, nil
}
