package account

import (
	"context"

	"expense-tracker/core/fault"
)

// The fields of forms about identities, as violations name them.
const (
	FieldEmail   = "email"   // an address that a provider has verified
	FieldConfirm = "confirm" // the password of who links and unlinks
)

// noPassword is what stands in the place of a hash for an account without one. It is another one each time, as hashes are, and no
// password has it.
func noPassword(token string) string { return noPasswordPrefix + token }

const noPasswordPrefix = "none:"

// HasPassword reports whether an account has one.
func (a Account) HasPassword() bool {
	return len(a.Hash) < len(noPasswordPrefix) || a.Hash[:len(noPasswordPrefix)] != noPasswordPrefix
}

// HasPassword reports whether who asks has a password.
func (s *Service) HasPassword(ctx context.Context, who Signed) (bool, error) {
	now, err := s.store.ByID(ctx, who.User.ID)
	return now.HasPassword(), err
}

// AddExpected makes an account without a password, for a person whose provider knows an address to be theirs: so they come in. The first
// one is an administrator's.
func (o *Operator) AddExpected(ctx context.Context, name, email string, admin bool) (User, error) {
	const op = "account.AddExpected"
	tidy, err := parseName(name)
	if err != nil {
		return User{}, fault.At(op, FieldName, err)
	}
	if foldedEmail(email) == "" {
		return User{}, notAnEmail(op)
	}
	done, err := o.store.IsSetUp(ctx)
	if err != nil {
		return User{}, err
	}
	made := Account{User: User{Name: tidy, Created: o.settings.Now(), Admin: admin || !done}, Generation: 1}
	made.Hash = noPassword(newCode(o.settings.Random))
	return o.store.CreateExpected(ctx, made, foldedEmail(email))
}

// Expect lets a person come in as a user whose provider knows an address to be theirs.
func (o *Operator) Expect(ctx context.Context, name, email string) (User, error) {
	const op = "account.Expect"
	if foldedEmail(email) == "" {
		return User{}, notAnEmail(op)
	}
	id, err := o.find(ctx, op, name)
	if err != nil {
		return User{}, err
	}
	found, err := o.store.ByID(ctx, id)
	if err != nil {
		return User{}, err
	}
	return found.User, o.store.Expect(ctx, id, foldedEmail(email))
}

func notAnEmail(op string) error {
	return fault.Field(op, FieldEmail, "this is no address such as ana@example.org")
}
