package account

import (
	"context"
	"errors"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Invitations is the port to what lets people have an account whom no operator gave one. An invitation is named by the link that its bearer
// has. The errors are those that are shown to the bearer: an invitation that is no good is NotFound, or a Conflict.
type Invitations interface {
	// Look returns an error unless an invitation may be accepted now, or it is the user who has accepted it; 0 for no user.
	Look(ctx context.Context, user ledger.UserID, link string) error
	// Accept uses an invitation up for a user: of however many that come at once for one of them. Again for the same user, it changes
	// nothing.
	Accept(ctx context.Context, user ledger.UserID, link string) error
}

// noGeneration is that of an account that is not whole yet: it was made for a newcomer, who has not got in. It is disabled as well, so
// whatever breaks off leaves nothing that anybody can use.
const noGeneration = 0

// givenUpAfter is when a newcomer whose account is not whole has gone: the name is another's then.
const givenUpAfter = 10 * time.Minute

// isNewcomer reports whether the account is not whole yet.
func (a Account) isNewcomer() bool {
	return a.Disabled && a.Generation == noGeneration && !isGone(a.Name)
}

// asNewcomer returns an account that is to be made as one that is not whole yet.
func asNewcomer(a Account) Account {
	a.Disabled, a.Generation = true, noGeneration
	return a
}

// Invited returns an error unless an invitation may be accepted now. What is none, from a place where that came too often, is Throttled.
func (s *Service) Invited(ctx context.Context, link string, from Client) error {
	err := s.look(ctx, 0, link)
	if errors.Is(err, fault.NotFound) {
		if often := s.CountWrong(ctx, "invitation", from.network()); often != nil {
			return often
		}
	}
	return err
}

// look asks for an invitation, where there are any and the first account is there: that one takes the code.
func (s *Service) look(ctx context.Context, user ledger.UserID, link string) error {
	const op = "account.look"
	if s.settings.Invitations == nil {
		return fault.New(fault.Forbidden, op, "nobody gets an account by an invitation here")
	}
	switch done, err := s.store.IsSetUp(ctx); {
	case err != nil:
		return err
	case !done:
		return fault.New(fault.Forbidden, op, "nobody has an account yet; who runs this site makes the first one")
	}
	return s.settings.Invitations.Look(ctx, user, link)
}

// Join makes an account for who has an invitation, uses that up, and signs the account in. The account can be used once the invitation has
// let it in and not before: of many who come with one invitation one gets in, and the others have nothing. What broke off is taken up by
// the same name and password; sent again by who got in, it signs in as SignIn does.
func (s *Service) Join(ctx context.Context, link string, draft Draft, from Client) (Opened, error) {
	if err := s.throttle(ctx, "account.Join", byAddress(from)); err != nil {
		return Opened{}, err
	}
	opened, err := s.join(ctx, link, draft, from)
	if isNameTaken(err) { // perhaps since the same form came twice at once
		opened, err = s.join(ctx, link, draft, from)
	}
	return opened, err
}

func (s *Service) join(ctx context.Context, link string, draft Draft, from Client) (Opened, error) {
	const op = "account.Join"
	no := s.look(ctx, 0, link) // before the name: whoever has used the invitation up has an account by then
	before, err := s.named(ctx, draft.Name)
	if err != nil {
		return Opened{}, err
	}
	if no != nil {
		if before.ID == 0 || s.look(ctx, before.ID, link) != nil {
			return Opened{}, no
		}
		if !before.isNewcomer() { // a repeat: the invitation has let this account in
			opened, err := s.SignIn(ctx, draft.Name, draft.Password, from)
			if errors.Is(err, fault.Unauthenticated) {
				err = no
			}
			return opened, err
		}
	}
	made, err := draft.account(ctx, op, s.hasher, s.settings.Now())
	if err != nil {
		return Opened{}, err
	}
	if before.isNewcomer() {
		made, err = s.again(ctx, op, before, made, draft, link, from)
	} else {
		made.User, err = s.store.Create(ctx, asNewcomer(made))
	}
	if err != nil {
		return Opened{}, err
	}
	now, err := s.letIn(ctx, made.ID, link)
	if err == nil {
		return s.open(ctx, now, from)
	}
	if !isUnknown(err) { // else the same form again goes on
		if left := s.giveUp(ctx, made.ID); left != nil {
			err = errors.Join(err, left)
		}
	}
	return Opened{}, err
}

// named returns the account of a name; the zero one if there is none.
func (s *Service) named(ctx context.Context, typed string) (Account, error) {
	name, err := parseName(typed)
	if err != nil {
		return Account{}, nil //nolint:nilerr // what is wrong about it is said with the rest
	}
	found, err := s.store.ByName(ctx, Folded(name))
	if errors.Is(err, fault.NotFound) {
		return Account{}, nil
	}
	return found, err
}

// again returns the account with which a newcomer goes on whose name one has that is not whole: that one, if it is theirs, or a new one, if
// whoever began it has gone.
func (s *Service) again(ctx context.Context, op string, before, made Account, draft Draft, link string, from Client) (Account, error) {
	if err := s.throttleOf(ctx, op, before.ID, byName(Folded(before.Name), from)[1:]...); err != nil {
		return Account{}, err
	}
	switch right, err := s.hasher.Verify(ctx, asTyped(draft.Password), before.Hash); {
	case err != nil:
		return Account{}, err
	case right:
		return before, nil
	case !before.HasPassword() || made.Created.Sub(before.Created) < givenUpAfter:
		return Account{}, NameTaken(op)
	}
	if err := s.look(ctx, 0, link); err != nil {
		return Account{}, err
	}
	if err := s.giveUp(ctx, before.ID); err != nil {
		return Account{}, err
	}
	var err error
	made.User, err = s.store.Create(ctx, asNewcomer(made))
	return made, err
}

// letIn uses an invitation up for a newcomer, whose account is whole from then on.
func (s *Service) letIn(ctx context.Context, id ledger.UserID, link string) (Account, error) {
	if err := s.settings.Invitations.Accept(ctx, id, link); err != nil {
		return Account{}, err
	}
	return s.makeWhole(ctx, id)
}

// makeWhole makes a newcomer's account one that can be used.
func (s *Service) makeWhole(ctx context.Context, id ledger.UserID) (Account, error) {
	return s.store.Change(ctx, id, func(a Account) (Account, error) {
		switch {
		case a.isNewcomer():
			a.Disabled, a.Generation = false, 1
		case a.Disabled: // it was given up meanwhile, or the operator was quicker
			return a, fault.New(fault.Conflict, "account.makeWhole", "this took too long; begin again")
		}
		return a, nil
	})
}

// giveUp removes a newcomer's account and frees the name. One that is whole by now stays.
func (s *Service) giveUp(ctx context.Context, id ledger.UserID) error {
	now, err := s.store.Change(ctx, id, func(a Account) (Account, error) {
		if a.isNewcomer() {
			a = removed(a)
		}
		return a, nil
	})
	if err == nil && isGone(now.Name) && s.settings.Leave != nil { // it may have got into the ledger, and no further
		err = s.settings.Leave(ctx, id)
	}
	return err
}

// isUnknown reports whether it is not known what became of a change.
func isUnknown(err error) bool {
	return errors.Is(err, fault.Unavailable) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
