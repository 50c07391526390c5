package memory

import (
	"context"
	"slices"
	"time"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// Invite implements member.Invitations.
func (s *memberStore) Invite(
	_ context.Context, in ledger.ID, token member.Hash, given member.Invitation,
) (kept member.Invitation, err error) {
	err = s.write(in, func(d *memberData) error {
		if i := d.find(token); i >= 0 {
			kept = d.invitations[i].Invitation
			return errNothingChanged
		}
		if len(d.open(given.At)) >= member.MaxInvitations {
			return member.TooManyInvitations("memory.Invite")
		}
		kept = given
		kept.ID = member.InvitationID(len(d.invitations) + 1)
		d.invitations = append(d.invitations, invitation{kept, token})
		d.log(kept.Event())
		return nil
	})
	if err != nil {
		return member.Invitation{}, err
	}
	return kept, nil
}

func (d *memberData) find(token member.Hash) int {
	return slices.IndexFunc(d.invitations, func(i invitation) bool { return i.token == token })
}

// open returns the invitations that can be accepted at a moment, the newest first.
func (d *memberData) open(now time.Time) (found []member.Invitation) {
	for _, i := range slices.Backward(d.invitations) {
		if i.IsOpen(now) {
			found = append(found, i.Invitation)
		}
	}
	return found
}

// Open implements member.Invitations.
func (s *memberStore) Open(_ context.Context, in ledger.ID, now time.Time) (found []member.Invitation, err error) {
	err = s.read(in, func(d *memberData) error {
		found = d.open(now)
		return nil
	})
	return found, err
}

// Withdraw implements member.Invitations.
func (s *memberStore) Withdraw(_ context.Context, in ledger.ID, id member.InvitationID, event member.Event) error {
	return s.write(in, func(d *memberData) error {
		if id < 1 || int(id) > len(d.invitations) {
			return member.NoSuchInvitation("memory.Withdraw")
		}
		i := &d.invitations[id-1]
		if i.Withdrawn || i.UsedBy != 0 {
			return errNothingChanged
		}
		i.Withdrawn = true
		event.Role, event.Text = i.Role, i.Note
		d.log(event)
		return nil
	})
}

// Look implements member.Invitations.
func (s *memberStore) Look(_ context.Context, in ledger.ID, token member.Hash) (found member.Offer, err error) {
	err = s.read(in, func(d *memberData) error {
		i := d.find(token)
		if i < 0 {
			return member.NoSuchInvitation("memory.Look")
		}
		found = member.Offer{Invitation: d.invitations[i].Invitation, Ledger: s.db.row(in).ledger}
		return nil
	})
	return found, err
}

// Accept implements member.Invitations.
func (s *memberStore) Accept(
	_ context.Context, in ledger.ID, token member.Hash, user ledger.UserID,
	decide func(member.Invitation, []member.Member) (member.Step, error),
) (result member.Membership, err error) {
	const op = "memory.Accept"
	err = s.write(in, func(d *memberData) error {
		i := d.find(token)
		if i < 0 {
			return member.NoSuchInvitation(op)
		}
		if d.invitations[i].UsedBy == user && d.members[user].IsPresent() {
			return errNothingChanged
		}
		step, err := decide(d.invitations[i].Invitation, d.all())
		if err != nil {
			return err
		}
		d.invitations[i].UsedBy = user
		d.apply(step)
		return nil
	})
	if err != nil {
		return member.Membership{}, err
	}
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	return s.membership(op, in, user)
}
