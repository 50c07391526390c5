package member

import (
	"context"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// NewToken draws a token for the actor's ledger. It leads nowhere until somebody is invited with it.
func (s *Service) NewToken(actor ledger.Actor) Token {
	t := Token{ledger: actor.Ledger.ID}
	s.settings.Random(t.secret[:])
	return t
}

// Invite keeps an invitation to the ledger. Its token is known to the caller alone: the storage has a hash of it. The same token again
// gives what was kept under it.
func (s *Service) Invite(ctx context.Context, actor ledger.Actor, draft InviteDraft) (Invitation, Token, error) {
	const op = "member.Invite"
	if err := actor.Require(ledger.Owner, op); err != nil {
		return Invitation{}, Token{}, err
	}
	token := s.NewToken(actor)
	if draft.Token != "" {
		given, err := ParseToken(op, draft.Token)
		if err != nil || given.ledger != actor.Ledger.ID {
			return Invitation{}, Token{}, NoSuchInvitation(op)
		}
		token = given
	}
	given, err := draft.parse(op)
	if err != nil {
		return Invitation{}, Token{}, err
	}
	given.By, given.At = actor.User, s.now()
	given.Until = given.At.AddDate(0, 0, InvitationDays)
	kept, err := s.store.Invite(ctx, actor.Ledger.ID, token.Hash(), given)
	if err == nil {
		err = kept.check(op, given.At)
	}
	if err != nil {
		return Invitation{}, Token{}, err
	}
	return kept, token, nil
}

// Invitations returns the open invitations to the ledger, the newest first.
func (s *Service) Invitations(ctx context.Context, actor ledger.Actor) ([]Invitation, error) {
	if err := actor.Require(ledger.Owner, "member.Invitations"); err != nil {
		return nil, err
	}
	return s.store.Open(ctx, actor.Ledger.ID, s.now())
}

// Withdraw ends an invitation to the ledger. One that has ended already stays as it is.
func (s *Service) Withdraw(ctx context.Context, actor ledger.Actor, id InvitationID) error {
	const op = "member.Withdraw"
	if err := actor.Require(ledger.Owner, op); err != nil {
		return err
	}
	return s.store.Withdraw(ctx, actor.Ledger.ID, id, Event{At: s.now(), Kind: Withdrawn, By: actor.User})
}

// Look returns what an invitation offers to a user. One that cannot be accepted any more is a Conflict that says why, unless it is the
// user who has accepted it.
func (s *Service) Look(ctx context.Context, user ledger.UserID, link string) (Offer, error) {
	const op = "member.Look"
	token, err := ParseToken(op, link)
	if err != nil {
		return Offer{}, err
	}
	found, err := s.store.Look(ctx, token.ledger, token.Hash())
	if err == nil && (user == 0 || found.UsedBy != user) {
		err = found.check(op, s.now())
	}
	if err != nil {
		return Offer{}, err
	}
	return found, nil
}

// Accept makes the user a member of the ledger that an invitation is to. A member keeps the higher of both roles. An invitation works
// once; sent again by the user whom it has brought in, it changes nothing.
func (s *Service) Accept(ctx context.Context, user ledger.UserID, link string) (Membership, error) {
	const op = "member.Accept"
	if user <= 0 {
		return Membership{}, fault.New(fault.Unauthenticated, op, "")
	}
	token, err := ParseToken(op, link)
	if err != nil {
		return Membership{}, err
	}
	if err := s.hasRoom(ctx, op, user, token.ledger); err != nil {
		return Membership{}, err
	}
	return s.store.Accept(ctx, token.ledger, token.Hash(), user, func(offered Invitation, all []Member) (Step, error) {
		now := s.now()
		if err := offered.check(op, now); err != nil {
			return Step{}, err
		}
		if by, _ := Find(all, offered.By); by.Role != ledger.Owner {
			return Step{}, fault.New(fault.Conflict, op, "who sent this invitation is no owner of the ledger any more; ask for another")
		}
		m, _ := Find(all, user)
		if present, _ := count(all); !m.IsPresent() && present >= MaxMembers {
			return Step{}, fault.New(fault.Conflict, op, "this ledger has %d members, and no room for more", present)
		}
		if !m.IsPresent() {
			m.Since = now
		}
		m.Role = max(m.Role, offered.Role)
		return Step{Member: m, Event: Event{At: now, Kind: Joined, By: user, Of: user, Role: m.Role}}, nil
	})
}

// hasRoom returns a Conflict if the user is in as many other ledgers as anybody may be.
func (s *Service) hasRoom(ctx context.Context, op string, user ledger.UserID, in ledger.ID) error {
	all, err := s.store.Memberships(ctx, user, MaxLedgers)
	if err != nil || len(all) < MaxLedgers {
		return err
	}
	for _, m := range all {
		if m.Ledger.ID == in {
			return nil
		}
	}
	return TooManyLedgers(op)
}

// TooManyLedgers is the error for a user who is in as many ledgers as anybody may be.
func TooManyLedgers(op string) error {
	return fault.New(fault.Conflict, op, "you are in %d ledgers already; leave one first", MaxLedgers)
}

// TooManyInvitations is the error for a ledger with as many open invitations as any may have.
func TooManyInvitations(op string) error {
	return fault.New(fault.Conflict, op, "%d invitations are open already; withdraw one first", MaxInvitations)
}
