package account_test

import (
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

func TestTheFirstAccountIsMadeWithTheCode(t *testing.T) {
	h := newHouse(t)
	first, err := h.OfferSetup(t.Context())
	if err != nil || len(first) != 24 {
		t.Fatalf("code %q, %v", first, err)
	}
	second, err := h.OfferSetup(t.Context()) // of another instance
	if err != nil || second == first {
		t.Fatalf("code %q, %v", second, err)
	}
	draft := account.Draft{Name: "Anna", Password: right}
	_, err = h.SetUp(t.Context(), "AAAA-AAAA-AAAA-AAAA-AAAA", draft, here)
	h.wantKind("a wrong code", err, fault.Invalid)
	_, err = h.SetUp(t.Context(), first, account.Draft{}, here)
	if len(fault.ViolationsOf(err)) != 2 {
		t.Errorf("an empty form: %v", err)
	}
	opened, err := h.SetUp(t.Context(), "  "+lower(first)+" ", draft, here)
	if err != nil || opened.User.ID != 1 || !opened.User.Admin {
		t.Fatalf("made %+v, %v", opened.User, err)
	}
	if _, err := h.Authenticate(t.Context(), opened.Token, here); err != nil {
		t.Errorf("it is not signed in: %v", err)
	}
	for _, stolen := range []string{first, second} {
		_, err := h.SetUp(t.Context(), stolen, account.Draft{Name: "Mallory", Password: right}, here)
		h.wantKind("a code that is used again", err, fault.Conflict)
	}
	if code, err := h.OfferSetup(t.Context()); code != "" || err != nil {
		t.Errorf("another code is offered: %q, %v", code, err)
	}
	if made, err := h.EnsureFirst(t.Context(), account.Draft{Name: "admin", Password: "x"}); made || err != nil {
		t.Errorf("the operator's first: %t, %v", made, err)
	}
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}

func TestTheOperatorMakesTheFirstAccount(t *testing.T) {
	h := newHouse(t)
	_, err := h.EnsureFirst(t.Context(), account.Draft{Name: "admin", Password: "short"})
	h.wantKind("a short password", err, fault.Invalid)
	for i, want := range []bool{true, false} {
		if made, err := h.EnsureFirst(t.Context(), account.Draft{Name: "admin", Password: right}); made != want || err != nil {
			t.Errorf("start %d made it: %t, %v", i, made, err)
		}
	}
	if opened := h.signIn("admin", right); opened.User.ID != 1 || !opened.User.Admin {
		t.Errorf("it is %+v", opened.User)
	}
	if made := h.add("Ben"); made.Admin || made.ID != 2 {
		t.Errorf("the second is %+v", made)
	}
	if u, err := h.Promote(t.Context(), "Ben", true); err != nil || !u.Admin {
		t.Errorf("%+v, %v", u, err)
	}
	if u, err := h.Promote(t.Context(), "Ben", false); err != nil || u.Admin {
		t.Errorf("%+v, %v", u, err)
	}
	_, err = h.Disable(t.Context(), "nobody")
	h.wantKind("an unknown user", err, fault.NotFound)
	if all, err := h.List(t.Context()); err != nil || len(all) != 2 || all[1].Name != "Ben" {
		t.Errorf("%v, %v", all, err)
	}
	if _, err := h.Add(t.Context(), account.Draft{Name: "Carla", Password: h.NewPassword()}, false); err != nil {
		t.Errorf("a password that was made up: %v", err)
	}
}
