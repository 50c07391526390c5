package account

import (
	"context"
	"errors"
	"slices"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Operator holds what the one does who runs the program. Pages have none: who reaches the storage asks.
type Operator struct {
	store    Store
	hasher   Hasher
	settings Settings
}

// NewOperator returns an Operator on the storage.
func NewOperator(store Store, hasher Hasher, settings Settings) *Operator {
	return &Operator{store: stamped{Store: store, now: settings.Now, operator: true}, hasher: hasher, settings: settings}
}

// OfferSetup returns a new code for the set-up, or nothing once there is an account. Codes that were offered before stay good.
func (o *Operator) OfferSetup(ctx context.Context) (code string, err error) {
	if done, err := o.store.IsSetUp(ctx); err != nil || done {
		return "", err
	}
	code = newCode(o.settings.Random)
	if open, err := o.store.Offer(ctx, codeDigest(code), o.settings.Now()); err != nil || !open {
		return "", err
	}
	return code, nil
}

// EnsureFirst makes the first account, an administrator's, and returns whether it did: once there is an account, it changes nothing.
func (o *Operator) EnsureFirst(ctx context.Context, draft Draft) (made bool, err error) {
	const op = "account.EnsureFirst"
	if done, err := o.store.IsSetUp(ctx); err != nil || done {
		return false, err
	}
	first, err := draft.account(ctx, op, o.hasher, o.settings.Now())
	if err != nil {
		return false, err
	}
	first.Admin = true
	_, err = o.store.CreateFirst(ctx, Digest{}, first)
	if errors.Is(err, fault.Conflict) { // another instance was quicker
		return false, nil
	}
	return err == nil, err
}

// Add makes an account. The first one is an administrator's.
func (o *Operator) Add(ctx context.Context, draft Draft, admin bool) (User, error) {
	made, err := draft.account(ctx, "account.Add", o.hasher, o.settings.Now())
	if err != nil {
		return User{}, err
	}
	done, err := o.store.IsSetUp(ctx)
	if err != nil {
		return User{}, err
	}
	made.Admin = admin || !done
	return o.store.Create(ctx, made)
}

// List returns all users, in the order in which they came, without those who have gone for good.
func (o *Operator) List(ctx context.Context) ([]User, error) {
	all, err := o.store.All(ctx)
	return slices.DeleteFunc(all, func(u User) bool { return isGone(u.Name) }), err
}

// NewPassword returns a password that was made up.
func (o *Operator) NewPassword() string { return newCode(o.settings.Random) }

// Disable keeps a user out, and ends the sessions and what programs come in with, which does not come back when Enable lets the user in
// again.
func (o *Operator) Disable(ctx context.Context, name string) (User, error) {
	user, err := o.change(ctx, "account.Disable", name, func(a Account) (Account, error) {
		if !a.Disabled {
			a.Disabled = true
			a.Generation++
		}
		return a, nil
	})
	if err == nil && o.settings.Shut != nil {
		err = o.settings.Shut(ctx, user.ID)
	}
	return user, err
}

// Enable lets a user in again who was kept out.
func (o *Operator) Enable(ctx context.Context, name string) (User, error) {
	return o.change(ctx, "account.Enable", name, func(a Account) (Account, error) {
		a.Disabled = false
		return a, nil
	})
}

// Promote makes a user an administrator, or one no more.
func (o *Operator) Promote(ctx context.Context, name string, admin bool) (User, error) {
	return o.change(ctx, "account.Promote", name, func(a Account) (Account, error) {
		a.Admin = admin
		return a, nil
	})
}

// ResetPassword gives a user another password, and ends the sessions. A second factor and passkeys stay.
func (o *Operator) ResetPassword(ctx context.Context, name, typed string) (User, error) {
	return o.reset(ctx, name, typed, false)
}

// ResetAll is ResetPassword for who has lost everything: it turns the second factor off, too, and removes the passkeys.
func (o *Operator) ResetAll(ctx context.Context, name, typed string) (User, error) {
	return o.reset(ctx, name, typed, true)
}

func (o *Operator) reset(ctx context.Context, name, typed string, factorToo bool) (User, error) {
	const op = "account.ResetPassword"
	password, err := parsePassword(typed, name)
	if err != nil {
		return User{}, fault.At(op, FieldPassword, err)
	}
	id, err := o.find(ctx, op, name)
	if err != nil {
		return User{}, err
	}
	hash, err := o.hasher.Hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	return o.changeID(ctx, id, func(a Account) (Account, error) {
		if a.Hash == hash { // a repeat
			return a, nil
		}
		if factorToo {
			a.Factor, a.Passkeys = Factor{}, nil
		}
		return withPassword(a, hash), nil
	})
}

func (o *Operator) change(ctx context.Context, op, name string, revise func(Account) (Account, error)) (User, error) {
	id, err := o.find(ctx, op, name)
	if err != nil {
		return User{}, err
	}
	return o.changeID(ctx, id, revise)
}

func (o *Operator) changeID(ctx context.Context, id ledger.UserID, revise func(Account) (Account, error)) (User, error) {
	now, err := o.store.Change(ctx, id, revise)
	return now.User, err
}

func (o *Operator) find(ctx context.Context, op, name string) (ledger.UserID, error) {
	tidy, err := parseName(name)
	if err != nil {
		return 0, fault.At(op, FieldName, err)
	}
	found, err := o.store.ByName(ctx, Folded(tidy))
	return found.ID, err
}
