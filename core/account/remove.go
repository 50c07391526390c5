package account

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// gone begins the name that an account has when its user has gone for good: a character that nobody can type. The account keeps its number,
// which rows of ledgers have, and nothing of the person.
const gone = "\x7f"

// FreshFor is how long a log-in stands for a password that the account does not have.
const FreshFor = 10 * time.Minute

// IsFresh reports whether who asks has signed in just now.
func (s *Service) IsFresh(who Signed) bool {
	ago := s.settings.Now().Sub(who.Session.Opened)
	return -skew < ago && ago <= FreshFor
}

// checkFresh refuses who has not signed in just now: a session that was stolen is no proof.
func (s *Service) checkFresh(op string, who Signed) error {
	if s.IsFresh(who) {
		return nil
	}
	return fault.New(fault.Conflict, op, "sign out and in again first, and do this within 10 minutes: it takes a fresh log-in")
}

// entersBy reports whether a user of an account comes in with its password.
func (s *Service) entersBy(a Account) bool { return a.HasPassword() && !s.settings.NoPasswords }

// Remove removes the account of who asks, for whom the password stands in, or where nobody comes in with one, a log-in that was just now.
// The user leaves all ledgers before, which may be refused; all sessions are over then, and the name is free.
func (s *Service) Remove(ctx context.Context, who Signed, password string) error {
	const op = "account.Remove"
	now, err := s.store.ByID(ctx, who.User.ID)
	if err == nil {
		if s.entersBy(now) {
			err = s.checkPassword(ctx, op, who, now, password)
		} else {
			err = s.checkFresh(op, who)
		}
	}
	if err != nil {
		return err
	}
	return remove(ctx, s.store, s.settings, who.User.ID)
}

// checkPassword returns an error unless a password is that of who asks. What is tried is counted.
func (s *Service) checkPassword(ctx context.Context, op string, who Signed, now Account, password string) error {
	if err := s.throttleOf(ctx, op, now.ID, bySession(who.Session.ID)...); err != nil {
		return err
	}
	switch right, err := s.hasher.Verify(ctx, asTyped(password), now.Hash); {
	case err != nil:
		return err
	case !right:
		s.failed(ctx, now.ID, who.Session.Client)
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
	if err := checkNotLast(ctx, store, id); err != nil {
		return err
	}
	if settings.Leave != nil {
		if err := settings.Leave(ctx, id); err != nil {
			return err
		}
	}
	if settings.Shut != nil {
		if err := settings.Shut(ctx, id); err != nil {
			return err
		}
	}
	_, err := store.Remove(ctx, id, func(a Account) (Account, error) {
		if isGone(a.Name) { // a repeat
			return a, nil
		}
		return removed(a), nil
	})
	return err
}

// checkNotLast refuses to let the last administrator go before anything is let go of. The storage has the last word.
func checkNotLast(ctx context.Context, store Store, id ledger.UserID) error {
	all, err := store.All(ctx)
	if err != nil {
		return err
	}
	is := func(u User) bool { return u.ID == id && u.canAdminister() }
	other := func(u User) bool { return u.ID != id && u.canAdminister() }
	if slices.ContainsFunc(all, is) && !slices.ContainsFunc(all, other) {
		return LastAdmin("account.Remove")
	}
	return nil
}

// removed returns what stays of an account whose user has gone for good.
func removed(a Account) Account {
	return Account{User: User{ID: a.ID, Name: gone + strconv.FormatInt(int64(a.ID), 10), Disabled: true}, Generation: a.Generation + 1}
}

// isGone reports whether a name is that of a removed account.
func isGone(name string) bool { return strings.HasPrefix(name, gone) }
