package membertest

import (
	"testing"

	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
)

// testEveryMethodApart asks each method of the port, in a ledger that has nobody, for what another ledger has.
func testEveryMethodApart(t *testing.T, f fixture) {
	ctx, token := t.Context(), member.Hash{1}
	theirs := f
	theirs.in, f.in = f.in, other
	theirs.join(t, ada, ledger.Owner)
	kept := theirs.invite(t, 1, invitation(1))
	before := theirs.state(t)
	ledgertest.Isolation[member.Storage](t, map[string]string{
		"Memberships": "a person's own ledgers are listed before one of them is chosen",
		"Create":      "it makes a ledger, and counts those that its maker is in",
		"Sweep":       "it looks for what is left of ledgers that are nobody's",
	}, map[string]func(*testing.T){
		"Membership": func(t *testing.T) {
			_, err := f.Membership(ctx, f.in, ada)
			ledgertest.WantNotFound(t, err)
		},
		"Members": func(t *testing.T) {
			found, err := f.Members(ctx, f.in)
			ledgertest.WantNothing(t, found, err)
		},
		"Change": func(t *testing.T) {
			err := f.Change(ctx, f.in, func(all []member.Member) (member.Step, error) {
				ledgertest.WantNothing(t, all, nil)
				return member.Step{}, nil
			})
			ledgertest.WantNothing[member.Member](t, nil, err)
		},
		"Renew": func(t *testing.T) {
			if err := f.Renew(ctx, f.in); err != nil { // whose state changes is looked at below
				t.Error(err)
			}
		},
		"Erase": func(t *testing.T) { ledgertest.WantNotFound(t, f.Erase(ctx, f.in, ada)) },
		"Events": func(t *testing.T) {
			found, err := f.Events(ctx, f.in, 0, 100)
			ledgertest.WantNothing(t, found, err)
		},
		"Describe": func(t *testing.T) {
			_, err := f.Describe(ctx, f.in+1, func(now ledger.Ledger) (ledger.Ledger, member.Event, error) {
				t.Errorf("asked to describe %+v", now)
				return now, member.Event{}, nil
			})
			ledgertest.WantNotFound(t, err)
		},
		"Invite": func(t *testing.T) { // a token is known in its own ledger alone
			given := invitation(2)
			given.Note = "mine"
			made, err := f.Invite(ctx, f.in, token, given)
			if err != nil || made.Note != "mine" {
				t.Errorf("invited %+v, %v", made, err)
			}
			ledgertest.WantNothing[member.Event](t, nil, f.Withdraw(ctx, f.in, made.ID, member.Event{At: at(3), Kind: member.Withdrawn, By: ada}))
		},
		"Open": func(t *testing.T) {
			found, err := f.Open(ctx, f.in+1, at(1))
			ledgertest.WantNothing(t, found, err)
		},
		"Withdraw": func(t *testing.T) {
			ledgertest.WantNotFound(t, f.Withdraw(ctx, f.in+1, kept.ID, member.Event{At: at(2), Kind: member.Withdrawn, By: ada}))
		},
		"Look": func(t *testing.T) {
			_, err := f.Look(ctx, f.in+1, token)
			ledgertest.WantNotFound(t, err)
		},
		"Accept": func(t *testing.T) {
			_, err := f.Accept(ctx, f.in+1, token, bob, never(t))
			ledgertest.WantNotFound(t, err)
		},
	})
	if after := theirs.state(t); after != before {
		t.Errorf("the other ledger was in state %+v, and is in %+v", before, after)
	}
	theirs.wantMembers(t, "1 owner 1")
	theirs.wantOpen(t, at(1), "1 editor for Bob 1; ")
}
