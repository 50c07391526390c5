package member

import (
	"context"
	"errors"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Members returns who is in the ledger, and in which role.
func (s *Service) Members(ctx context.Context, actor ledger.Actor) ([]Member, error) {
	if err := actor.Require(ledger.Viewer, "member.Members"); err != nil {
		return nil, err
	}
	return s.store.Members(ctx, actor.Ledger.ID)
}

// Renamed tells the ledgers of a user that the user has another name, which their pages say.
func (s *Service) Renamed(ctx context.Context, user ledger.UserID) error {
	all, err := s.store.Memberships(ctx, user, MaxLedgers)
	for _, m := range all {
		err = errors.Join(err, s.store.Renew(ctx, m.Ledger.ID))
	}
	return err
}

// SetRole gives a member another role. The last owner cannot step down. To give the role that they have changes nothing.
func (s *Service) SetRole(ctx context.Context, actor ledger.Actor, user ledger.UserID, typed string) error {
	const op = "member.SetRole"
	if err := actor.Require(ledger.Owner, op); err != nil {
		return err
	}
	role, err := ParseRole(typed)
	if err != nil {
		return fault.At(op, FieldRole, err)
	}
	return s.change(ctx, op, actor, ledger.Owner, user, func(now Member) (Member, Event, error) {
		if !now.IsPresent() {
			return Member{}, Event{}, NoSuchMember(op)
		}
		now.Role = role
		return now, Event{Kind: RoleChanged, Role: role}, nil
	})
}

// Remove takes a member out of the ledger. The last owner cannot be taken. To remove who has left changes nothing.
func (s *Service) Remove(ctx context.Context, actor ledger.Actor, user ledger.UserID) error {
	const op = "member.Remove"
	if err := actor.Require(ledger.Owner, op); err != nil {
		return err
	}
	return s.change(ctx, op, actor, ledger.Owner, user, func(now Member) (Member, Event, error) {
		now.Role = 0
		return now, Event{Kind: Removed}, nil
	})
}

// Leave takes the actor out of the ledger. The last owner cannot leave.
func (s *Service) Leave(ctx context.Context, actor ledger.Actor) error {
	const op = "member.Leave"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return err
	}
	return s.change(ctx, op, actor, 0, actor.User, func(now Member) (Member, Event, error) {
		now.Role = 0
		return now, Event{Kind: Left}, nil
	})
}

// change stores what apply makes of a member. It fails if the actor's role is less than need by then, and if no owner would be left.
func (s *Service) change(
	ctx context.Context, op string, actor ledger.Actor, need ledger.Role, user ledger.UserID, apply func(Member) (Member, Event, error),
) error {
	return s.store.Change(ctx, actor.Ledger.ID, func(all []Member) (Step, error) {
		now, known := Find(all, user)
		if !known {
			return Step{}, NoSuchMember(op)
		}
		wanted, event, err := apply(now)
		if err != nil || wanted.Equal(now) { // which may be a repeat, by who has lost the role with it
			return Step{}, err
		}
		if err := s.stillHas(op, actor, need, all); err != nil {
			return Step{}, err
		}
		if _, owners := count(all); owners == 1 && now.Role == ledger.Owner && wanted.Role != ledger.Owner {
			return Step{}, lastOwner(op)
		}
		event.At, event.By, event.Of = s.now(), actor.User, user
		return Step{Member: wanted, Event: event}, nil
	})
}

// stillHas returns a Forbidden fault if the actor's role among all members is less than need.
func (s *Service) stillHas(op string, actor ledger.Actor, need ledger.Role, all []Member) error {
	now, _ := Find(all, actor.User)
	actor.Role = now.Role
	return actor.Require(need, op)
}
