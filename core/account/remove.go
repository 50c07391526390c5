package account

import (
	"context"
	"strconv"
	"strings"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// gone begins the name that an account has when its user has gone for good: a character that nobody can type. The account keeps its number,
// which rows of ledgers have, and nothing of the person.
const gone = "\x7f"

// Remove removes the account of who asks, for whom the password stands in. The user leaves all ledgers before, which may be refused; all
// sessions are over then, and the name is free.
func (s *Service) Remove(ctx context.Context, who Signed, password string) error {
	const op = "account.Remove"
	now, err := s.store.ByID(ctx, who.User.ID)
	if err == nil {
		err = s.checkPassword(ctx, op, who, now, password)
	}
	if err != nil {
		return err
	}
	return remove(ctx, s.store, s.settings, who.User.ID)
}

// checkPassword returns an error unless a password is that of who asks. What is tried is counted.
func (s *Service) checkPassword(ctx context.Context, op string, who Signed, now Account, password string) error {
	if err := s.throttle(ctx, op, bySession(who.Session.ID)...); err != nil {
		return err
	}
	switch right, err := s.hasher.Verify(ctx, asTyped(password), now.Hash); {
	case err != nil:
		return err
	case !right:
		return fault.Field(op, FieldPassword, "this is not your password")
	}
	return nil
}

// Remove removes a user's account, as the user can.
func (o *Operator) Remove(ctx context.Context, name string) (User, error) {
	id, err := o.find(ctx, "account.Remove", name)
	if err != nil {
		return User{}, err
	}
	found, err := o.store.ByID(ctx, id)
	if err != nil {
		return User{}, err
	}
	return found.User, remove(ctx, o.store, o.settings, id)
}

// Find returns the user of a name.
func (o *Operator) Find(ctx context.Context, name string) (User, error) {
	id, err := o.find(ctx, "account.Find", name)
	if err != nil {
		return User{}, err
	}
	found, err := o.store.ByID(ctx, id)
	return found.User, err
}

// remove lets go of a user. What breaks off is taken up by another call: the account goes last.
func remove(ctx context.Context, store Store, settings Settings, id ledger.UserID) error {
	if settings.Leave != nil {
		if err := settings.Leave(ctx, id); err != nil {
			return err
		}
	}
	_, err := store.Change(ctx, id, func(a Account) (Account, error) {
		if isGone(a.Name) { // a repeat
			return a, nil
		}
		return removed(a), nil
	})
	if err == nil {
		_, err = store.EndAll(ctx, id, 0)
	}
	return err
}

// removed returns what stays of an account whose user has gone for good.
func removed(a Account) Account {
	return Account{User: User{ID: a.ID, Name: gone + strconv.FormatInt(int64(a.ID), 10), Disabled: true}, Generation: a.Generation + 1}
}

// isGone reports whether a name is that of a removed account.
func isGone(name string) bool { return strings.HasPrefix(name, gone) }
