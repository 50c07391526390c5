// Package invited lets people have an account whom somebody has invited to a ledger: it fulfils the port account.Invitations with the
// invitations of members, so that none of those modules knows the other.
package invited

import (
	"context"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// Desk implements account.Invitations.
type Desk struct{ members *member.Service }

var _ account.Invitations = Desk{}

// New returns the desk of the members' invitations.
func New(members *member.Service) Desk { return Desk{members} }

// Look implements account.Invitations.
func (d Desk) Look(ctx context.Context, user ledger.UserID, link string) error {
	_, err := d.members.Look(ctx, user, link)
	return err
}

// Accept implements account.Invitations.
func (d Desk) Accept(ctx context.Context, user ledger.UserID, link string) error {
	_, err := d.members.Accept(ctx, user, link)
	return err
}
