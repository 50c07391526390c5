package observability

import (
	"context"
	"time"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// Members returns next with every method measured in expense_store_operation_duration_seconds.
func (t *Telemetry) Members(next member.Storage) member.Storage {
	return &measuredMembers{next: next, operations: t.operations}
}

// measuredMembers times the calls of another store and changes nothing about them.
type measuredMembers struct {
	next       member.Storage
	operations *operations
}

func (s *measuredMembers) Memberships(ctx context.Context, user ledger.UserID, limit int) ([]member.Membership, error) {
	return measure(ctx, s.operations, "member_ledgers", func(ctx context.Context) ([]member.Membership, error) {
		return s.next.Memberships(ctx, user, limit)
	})
}

func (s *measuredMembers) Membership(ctx context.Context, in ledger.ID, user ledger.UserID) (member.Membership, error) {
	return measure(ctx, s.operations, "member_get", func(ctx context.Context) (member.Membership, error) {
		return s.next.Membership(ctx, in, user)
	})
}

func (s *measuredMembers) Members(ctx context.Context, in ledger.ID) ([]member.Member, error) {
	return measure(ctx, s.operations, "member_list", func(ctx context.Context) ([]member.Member, error) { return s.next.Members(ctx, in) })
}

func (s *measuredMembers) Change(ctx context.Context, in ledger.ID, decide func([]member.Member) (member.Step, error)) error {
	return measureDone(ctx, s.operations, "member_change", func() error { return s.next.Change(ctx, in, decide) })
}

func (s *measuredMembers) Renew(ctx context.Context, in ledger.ID) error {
	return measureDone(ctx, s.operations, "member_renew", func() error { return s.next.Renew(ctx, in) })
}

func (s *measuredMembers) Events(ctx context.Context, in ledger.ID, before member.EventID, limit int) ([]member.Event, error) {
	return measure(ctx, s.operations, "member_events", func(ctx context.Context) ([]member.Event, error) {
		return s.next.Events(ctx, in, before, limit)
	})
}

func (s *measuredMembers) Create(ctx context.Context, r member.Request, described ledger.Ledger) (member.Membership, error) {
	return measure(ctx, s.operations, "member_create_ledger", func(ctx context.Context) (member.Membership, error) {
		return s.next.Create(ctx, r, described)
	})
}

func (s *measuredMembers) Describe(
	ctx context.Context, in ledger.ID, decide func(ledger.Ledger) (ledger.Ledger, member.Event, error),
) (ledger.Ledger, error) {
	return measure(ctx, s.operations, "member_describe_ledger", func(ctx context.Context) (ledger.Ledger, error) {
		return s.next.Describe(ctx, in, decide)
	})
}

func (s *measuredMembers) Erase(ctx context.Context, in ledger.ID, user ledger.UserID) error {
	return measureDone(ctx, s.operations, "member_erase_ledger", func() error { return s.next.Erase(ctx, in, user) })
}

func (s *measuredMembers) Sweep(ctx context.Context) (int, error) {
	return measure(ctx, s.operations, "member_sweep", func(ctx context.Context) (int, error) { return s.next.Sweep(ctx) })
}

func (s *measuredMembers) Invite(
	ctx context.Context, in ledger.ID, token member.Hash, given member.Invitation,
) (member.Invitation, error) {
	return measure(ctx, s.operations, "member_invite", func(ctx context.Context) (member.Invitation, error) {
		return s.next.Invite(ctx, in, token, given)
	})
}

func (s *measuredMembers) Open(ctx context.Context, in ledger.ID, now time.Time) ([]member.Invitation, error) {
	return measure(ctx, s.operations, "member_invitations", func(ctx context.Context) ([]member.Invitation, error) {
		return s.next.Open(ctx, in, now)
	})
}

func (s *measuredMembers) Withdraw(ctx context.Context, in ledger.ID, id member.InvitationID, event member.Event) error {
	return measureDone(ctx, s.operations, "member_withdraw", func() error { return s.next.Withdraw(ctx, in, id, event) })
}

func (s *measuredMembers) Look(ctx context.Context, in ledger.ID, token member.Hash) (member.Offer, error) {
	return measure(ctx, s.operations, "member_look", func(ctx context.Context) (member.Offer, error) { return s.next.Look(ctx, in, token) })
}

func (s *measuredMembers) Accept(
	ctx context.Context, in ledger.ID, token member.Hash, user ledger.UserID,
	decide func(member.Invitation, []member.Member) (member.Step, error),
) (member.Membership, error) {
	return measure(ctx, s.operations, "member_accept", func(ctx context.Context) (member.Membership, error) {
		return s.next.Accept(ctx, in, token, user, decide)
	})
}

// measureDone is measure for a call that returns nothing but its error.
func measureDone(ctx context.Context, o *operations, operation string, call func() error) error {
	_, err := measure(ctx, o, operation, func(context.Context) (struct{}, error) { return struct{}{}, call() })
	return err
}
