package membertest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
)

// invite keeps an invitation.
func (f fixture) invite(t *testing.T, token byte, given member.Invitation) member.Invitation {
	t.Helper()
	kept, err := f.Invite(t.Context(), f.in, member.Hash{token}, given)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func (f fixture) wantOpen(t *testing.T, now time.Time, want string) {
	t.Helper()
	found, err := f.Open(t.Context(), f.in, now)
	var got string
	for _, i := range found {
		got += fmt.Sprint(i.ID, " ", i.Role, " ", i.Note, " ", i.By, "; ")
	}
	if err != nil || got != want {
		t.Errorf("open are %q, %v, want %q", got, err, want)
	}
}

func testInvitation(t *testing.T, f fixture) {
	given := invitation(1)
	kept := f.invite(t, 1, given)
	given.ID = kept.ID
	if kept != given || kept.ID < 1 {
		t.Errorf("kept %+v, want %+v", kept, given)
	}
	looked, err := f.Look(t.Context(), f.in, member.Hash{1})
	if err != nil || !looked.At.Equal(given.At) || !looked.Until.Equal(given.Until) || !looked.Ledger.Equal(ledgertest.Ledger(f.in)) {
		t.Errorf("look gave %+v, %v", looked, err)
	}
	looked.At, looked.Until = given.At, given.Until
	if looked.Invitation != given {
		t.Errorf("look gave %+v, want %+v", looked.Invitation, given)
	}
	again := invitation(5)
	again.Role = ledger.Owner
	if got := f.invite(t, 1, again); got.ID != kept.ID || got.Role != ledger.Editor {
		t.Errorf("the same token again gave %+v", got)
	}
	_, err = f.Look(t.Context(), f.in, member.Hash{2})
	wantKind(t, "another token", err, fault.NotFound)
	second := invitation(2)
	second.Role, second.Note = ledger.Viewer, ""
	f.invite(t, 2, second)
	f.wantOpen(t, at(2), "2 viewer  1; 1 editor for Bob 1; ")
	f.wantOpen(t, given.Until, "2 viewer  1; ")
	f.wantOpen(t, second.Until, "")
	f.wantLog(t, "invited 1 0 viewer , invited 1 0 editor for Bob")
}

func testInvitationsBounded(t *testing.T, f fixture) {
	for n := range member.MaxInvitations {
		f.invite(t, byte(n), invitation(1))
	}
	_, err := f.Invite(t.Context(), f.in, member.Hash{100}, invitation(1))
	wantKind(t, "one more", err, fault.Conflict)
	f.invite(t, 0, invitation(1))
	later := invitation(1)
	later.At, later.Until = later.Until, later.Until.Add(time.Minute)
	f.invite(t, 100, later)
}

func testWithdraw(t *testing.T, f fixture) {
	withdrawn := member.Event{At: at(2), Kind: member.Withdrawn, By: bob}
	kept := f.invite(t, 1, invitation(1))
	for range 2 {
		if err := f.Withdraw(t.Context(), f.in, kept.ID, withdrawn); err != nil {
			t.Fatal(err)
		}
	}
	f.wantOpen(t, at(2), "")
	f.wantLog(t, "withdrawn 2 0 editor for Bob, invited 1 0 editor for Bob")
	if looked, err := f.Look(t.Context(), f.in, member.Hash{1}); err != nil || !looked.Withdrawn {
		t.Errorf("look gave %+v, %v", looked, err)
	}
	wantKind(t, "another", f.Withdraw(t.Context(), f.in, kept.ID+1, withdrawn), fault.NotFound)
	_, err := f.Accept(t.Context(), f.in, member.Hash{1}, bob, func(offered member.Invitation, _ []member.Member) (member.Step, error) {
		if !offered.Withdrawn {
			t.Error("nobody says that it is withdrawn")
		}
		return member.Step{}, fault.New(fault.Conflict, "test", "no")
	})
	wantKind(t, "a refusal", err, fault.Conflict)
}

func testAccept(t *testing.T, f fixture) {
	f.join(t, ada, ledger.Owner)
	kept := f.invite(t, 1, invitation(1))
	_, err := f.Accept(t.Context(), f.in, member.Hash{2}, bob, never(t))
	wantKind(t, "a made-up token", err, fault.NotFound)
	joined, err := f.Accept(t.Context(), f.in, member.Hash{1}, bob, func(offered member.Invitation, all []member.Member) (member.Step, error) {
		if offered.ID != kept.ID || show(all) != "1 owner 1" {
			t.Errorf("decided on %+v, %s", offered, show(all))
		}
		return accepting(bob)(offered, all)
	})
	if err != nil || showOne(joined.Member) != "2 editor 2" || !joined.Ledger.Equal(ledgertest.Ledger(f.in)) {
		t.Errorf("joined as %+v, %v", joined, err)
	}
	before := f.state(t)
	if again, err := f.Accept(t.Context(), f.in, member.Hash{1}, bob, never(t)); err != nil || !again.Equal(joined.Member) {
		t.Errorf("a repeat gave %+v, %v", again, err)
	}
	if f.state(t) != before {
		t.Error("a repeat gave a new state")
	}
	_, err = f.Accept(t.Context(), f.in, member.Hash{1}, cyd, accepting(cyd))
	wantKind(t, "a used one", err, fault.Conflict)
	f.wantOpen(t, at(1), "")
	if looked, err := f.Look(t.Context(), f.in, member.Hash{1}); err != nil || looked.UsedBy != bob {
		t.Errorf("look gave %+v, %v", looked, err)
	}
	f.wantMembers(t, "1 owner 1, 2 editor 2")
	f.step(t, member.Step{Member: member.Member{User: bob, Since: at(2)}, Event: member.Event{At: at(5), Kind: member.Left, By: bob, Of: bob}})
	_, err = f.Accept(t.Context(), f.in, member.Hash{1}, bob, accepting(bob))
	wantKind(t, "a used one, by who has left since", err, fault.Conflict)
	f.wantMembers(t, "1 owner 1")
}

func testAcceptAtOnce(t *testing.T, f fixture) {
	f.join(t, ada, ledger.Owner)
	f.invite(t, 1, invitation(1))
	const people = 8
	errs := make([]error, people)
	var done sync.WaitGroup
	for i := range people {
		user := bob + ledger.UserID(i)
		done.Go(func() { _, errs[i] = f.Accept(t.Context(), f.in, member.Hash{1}, user, accepting(user)) })
	}
	done.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, fault.Conflict):
			t.Error(err)
		}
	}
	if all, err := f.Members(t.Context(), f.in); won != 1 || err != nil || len(all) != 2 {
		t.Errorf("%d were let in, the members are %s, %v", won, show(all), err)
	}
}

// Each of the owners finds another one, until the last.
func testOwnersAtOnce(t *testing.T, f fixture) {
	const owners = 6
	for n := range owners {
		f.join(t, ledger.UserID(n+1), ledger.Owner)
	}
	var done sync.WaitGroup
	errs := make([]error, owners)
	for i := range owners {
		user := ledger.UserID(i + 1)
		done.Go(func() {
			errs[i] = f.Change(t.Context(), f.in, func(all []member.Member) (member.Step, error) {
				left := 0
				for _, m := range all {
					if m.Role == ledger.Owner {
						left++
					}
				}
				if left == 1 {
					return member.Step{}, fault.New(fault.Conflict, "test", "the last")
				}
				return member.Step{Member: member.Member{User: user, Since: at(1)},
					Event: member.Event{At: at(9), Kind: member.Left, By: user, Of: user}}, nil
			})
		})
	}
	done.Wait()
	refused := 0
	for _, err := range errs {
		if errors.Is(err, fault.Conflict) {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	if all, err := f.Members(t.Context(), f.in); refused != 1 || err != nil || len(all) != 1 || all[0].Role != ledger.Owner {
		t.Errorf("%d were refused, the members are %s, %v", refused, show(all), err)
	}
}

// What is of one ledger is not found in another, by any method.
func testIsolation(t *testing.T, f fixture) {
	ctx, token := t.Context(), member.Hash{1}
	f.join(t, ada, ledger.Owner)
	kept := f.invite(t, 1, invitation(1))
	second := f
	second.in = other
	second.wantMembers(t, "")
	second.wantLog(t, "")
	second.wantOpen(t, at(1), "")
	if got := second.all(t); got != "" {
		t.Errorf("decided on %q of another ledger", got)
	}
	_, err := f.Membership(ctx, other, ada)
	wantKind(t, "Membership", err, fault.NotFound)
	_, err = f.Look(ctx, other, token)
	wantKind(t, "Look", err, fault.NotFound)
	_, err = f.Accept(ctx, other, token, bob, never(t))
	wantKind(t, "Accept", err, fault.NotFound)
	wantKind(t, "Withdraw", f.Withdraw(ctx, other, kept.ID, member.Event{At: at(2), Kind: member.Withdrawn, By: ada}), fault.NotFound)
	if got, err := f.Invite(ctx, other, token, invitation(2)); err != nil || !got.At.Equal(at(2)) {
		t.Errorf("the same token in another ledger gave %+v, %v", got, err)
	}
	f.wantOpen(t, at(1), "1 editor for Bob 1; ")
	f.wantMembers(t, "1 owner 1")
	f.wantLog(t, "invited 1 0 editor for Bob, joined 1 1 owner ")
	second.wantLog(t, "invited 1 0 editor for Bob")
}
