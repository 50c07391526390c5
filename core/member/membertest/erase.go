package membertest

import (
	"testing"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
)

func testErase(t *testing.T, f fixture) {
	ctx := t.Context()
	f.join(t, ada, ledger.Owner)
	f.join(t, bob, ledger.Viewer)
	given := member.Invitation{Role: ledger.Editor, By: ada, At: at(1), Until: at(50)}
	if _, err := f.Invite(ctx, f.in, member.Hash{1}, given); err != nil {
		t.Fatal(err)
	}
	beside := f
	beside.in = other
	beside.join(t, ada, ledger.Owner)
	before, logged := f.state(t), "invited 1 0 editor , joined 2 2 viewer , joined 1 1 owner "
	wantKind(t, "with another in it", f.Erase(ctx, f.in, ada), fault.Conflict)
	wantKind(t, "by a stranger", f.Erase(ctx, f.in, cyd), fault.NotFound)
	f.wantLog(t, logged)
	if f.state(t) != before {
		t.Error("a refusal changed something")
	}
	f.step(t, member.Step{Member: member.Member{User: bob, Since: at(2)}, Event: member.Event{At: at(9), Kind: member.Left, By: bob, Of: bob}})
	if err := f.Erase(ctx, f.in, ada); err != nil {
		t.Fatal(err)
	}
	f.wantMembers(t, "")
	f.wantLog(t, "")
	if all := f.all(t); all != "1 nobody 1, 2 nobody 2" {
		t.Errorf("of the members there is %s", all)
	}
	_, err := f.Look(ctx, f.in, member.Hash{1})
	wantKind(t, "its invitation", err, fault.NotFound)
	_, err = f.ledgers.Ledger(ctx, f.in)
	wantKind(t, "the ledger", err, fault.NotFound)
	_, err = f.Membership(ctx, f.in, ada)
	wantKind(t, "a place in it", err, fault.NotFound)
	if found, err := f.ledgers.All(ctx, 0, 10); err != nil || len(found) != 1 || found[0].ID != other {
		t.Errorf("the ledgers are %v, %v", found, err)
	}
	if now := f.state(t); now == before || now.Version <= before.Version {
		t.Errorf("the state goes from %v to %v", before, now)
	}
	if n, err := f.Sweep(ctx); n != 0 || err != nil {
		t.Errorf("%d ledgers are swept, %v: nothing was written since", n, err)
	}
	wantKind(t, "once more", f.Erase(ctx, f.in, ada), fault.NotFound)
	beside.wantMembers(t, "1 owner 1")
	made, err := f.Create(ctx, request(ada, "k"), ledgertest.Ledger(0))
	if err != nil || made.Ledger.ID == f.in {
		t.Errorf("its number is given to %+v, %v", made, err)
	}
}
