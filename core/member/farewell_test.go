package member_test

import (
	"fmt"
	"testing"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

func called(all []member.Membership) (names string) {
	for _, m := range all {
		names += m.Ledger.Name + " "
	}
	return names
}

// Who goes for good leaves what others share, and takes along what is theirs alone; the last owner of what others share cannot go.
func TestWhoGoesForGood(t *testing.T) {
	h := newHome(t)
	h.join(bob, ledger.Editor)
	mine := h.create(ada, "Mine")
	bobs := h.create(bob, "Bob's")
	wantFarewell := func(who ledger.UserID, want string) {
		t.Helper()
		f, err := h.Farewell(t.Context(), who)
		if got := fmt.Sprint(called(f.Left), "/", called(f.Erased), "/", called(f.Stuck)); err != nil || got != want {
			t.Errorf("of %d become %q, %v, want %q", who, got, err, want)
		}
	}
	wantFarewell(ada, "/Mine /Household ")
	wantFarewell(bob, "Household /Bob's /")
	wantFarewell(cyd, "//")
	h.wantKind("the last owner goes", h.LeaveAll(t.Context(), ada), fault.Conflict, "“Household”")
	if all, err := h.Ledgers(t.Context(), ada); err != nil || len(all) != 2 {
		t.Errorf("a refusal leaves %d ledgers, %v", len(all), err)
	}
	if err := h.SetRole(t.Context(), h.actor(ada), bob, "owner"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a repeat
		if err := h.LeaveAll(t.Context(), ada); err != nil {
			t.Fatal(err)
		}
	}
	wantFarewell(ada, "//")
	wantFarewell(bob, "/Household Bob's /")
	_, err := h.Actor(t.Context(), ada, mine)
	h.wantKind("what was hers alone", err, fault.NotFound, "")
	if _, err := h.Actor(t.Context(), bob, bobs); err != nil {
		t.Errorf("what is another's: %v", err)
	}
}
