package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Who deletes their account is gone from it: the name, the password, the sessions. The number stays, and says nothing.
func TestWhoGoesForGoodLeavesANumber(t *testing.T) {
	h := newHouse(t)
	anna, ben := h.add("Anna"), h.add("Ben")
	h.relieve()
	here1, there := h.signIn("Anna", right), h.signIn("Anna", right)
	h.wantKind("a wrong password", h.Service.Remove(t.Context(), here1.Signed, other), fault.Invalid)
	if err := h.Service.Remove(t.Context(), here1.Signed, right); err != nil {
		t.Fatal(err)
	}
	h.wantOver("the session that asked", here1.Token)
	h.wantOver("another one", there.Token)
	_, err := h.SignIn(t.Context(), "Anna", right, here)
	h.wantKind("signing in", err, fault.Unauthenticated)
	_, err = h.SignIn(t.Context(), "\x7f1", "", here)
	h.wantKind("signing in by what is left", err, fault.Unauthenticated)
	names, err := h.Names(t.Context(), []ledger.UserID{anna.ID, ben.ID, 9})
	if name, known := names[anna.ID]; err != nil || name != "" || !known || names[ben.ID] != "Ben" || len(names) != 2 {
		t.Errorf("the names are %v, %v", names, err)
	}
	stored, err := h.store.ByID(t.Context(), anna.ID)
	if err != nil || stored.Hash != "" || stored.Language != "" || stored.Admin || !stored.Disabled {
		t.Errorf("there is %+v, %v", stored, err)
	}
	if all, err := h.List(t.Context()); err != nil || len(all) != 2 || all[0].ID != ben.ID {
		t.Errorf("the users are %v, %v", all, err)
	}
	for _, change := range []func(context.Context, string) (account.User, error){h.Enable, h.Disable, h.Operator.Remove, h.Find} {
		_, err := change(t.Context(), "Anna")
		h.wantKind("the operator finds her", err, fault.NotFound)
	}
	if again := h.add("Anna"); again.ID == anna.ID {
		t.Error("the number is given again")
	}
	if done, err := h.IsSetUp(t.Context()); !done || err != nil {
		t.Errorf("the set-up is open again: %v", err)
	}
	if removed, err := h.Operator.Remove(t.Context(), "ben"); err != nil || removed.Name != "Ben" {
		t.Errorf("the operator removes %+v, %v", removed, err)
	}
}

// Who cannot leave a ledger stays, and the password of a stolen session cannot be tried out.
func TestWhoCannotLeaveStays(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	anna := h.signIn("Anna", right)
	settings := account.Settings{
		Now: anna.Session.Opened.UTC, Random: func([]byte) {}, Ends: h.Ends(),
		Leave: func(context.Context, ledger.UserID) error { return fault.New(fault.Conflict, "test", "") },
	}
	held := account.NewService(h.store, h.hasher, settings)
	h.wantKind("one who is held", held.Remove(t.Context(), anna.Signed, right), fault.Conflict)
	if _, err := h.Authenticate(t.Context(), anna.Token, here); err != nil {
		t.Errorf("the session: %v", err)
	}
	var err error
	for range 10 {
		err = errors.Join(err, h.Service.Remove(t.Context(), anna.Signed, other))
	}
	h.wantKind("the right password after ten wrong ones", h.Service.Remove(t.Context(), anna.Signed, right), fault.Throttled)
	h.signIn("Anna", right)
}

// The last administrator who can come in is neither disabled, nor demoted, nor removed, and leaves no ledger for nothing.
func TestTheLastAdministratorStays(t *testing.T) {
	h := newHouse(t)
	if _, err := h.Add(t.Context(), account.Draft{Name: "Anna", Password: right}, true); err != nil {
		t.Fatal(err)
	}
	h.add("Ben")
	anna := h.signIn("Anna", right)
	left := false
	settings := account.Settings{
		Now: anna.Session.Opened.UTC, Random: func([]byte) {}, Ends: h.Ends(),
		Leave: func(context.Context, ledger.UserID) error { left = true; return nil },
	}
	_, disabled := h.Disable(t.Context(), "Anna")
	_, demoted := h.Promote(t.Context(), "Anna", false)
	_, removed := h.Operator.Remove(t.Context(), "Anna")
	for what, err := range map[string]error{
		"disabled": disabled, "demoted": demoted, "removed": removed,
		"removes herself": account.NewService(h.store, h.hasher, settings).Remove(t.Context(), anna.Signed, right),
	} {
		h.wantKind(what, err, fault.Conflict)
		if !strings.Contains(err.Error(), "only administrator") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if left {
		t.Error("she has left her ledgers")
	}
	if _, err := h.Authenticate(t.Context(), anna.Token, here); err != nil {
		t.Errorf("her session: %v", err)
	}
	if _, err := h.Promote(t.Context(), "Ben", true); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Disable(t.Context(), "Anna"); err != nil {
		t.Error(err)
	}
}
