package account_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/account"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/fault"
)

// The passwords of the tests.
const (
	right = "seven quiet herons wade"
	other = "eleven loud badgers dig"
)

var here = account.Client{Address: "192.0.2.1", Agent: "Browser/1"}

// house is a service on an empty storage, with what the test turns.
type house struct {
	*account.Service
	*account.Operator
	t      *testing.T
	hasher *accounttest.Hasher
	keys   *accounttest.Keys
	store  account.Store
	door   *door // of invitations
	now    time.Time
	drawn  *rand.ChaCha8 // the same each time, and nothing twice
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, hasher: &accounttest.Hasher{Parameters: "now"}, keys: &accounttest.Keys{}, store: memory.New().Accounts(),
		door: newDoor(), drawn: rand.NewChaCha8([32]byte{}),
		now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	const day = 24 * time.Hour
	settings := account.Settings{Now: func() time.Time { return h.now }, Ends: account.Ends{Idle: 30 * day, Max: 90 * day},
		Codes: &accounttest.Codes{}, Keys: h.keys, Invitations: h.door,
		Random: func(b []byte) { _, _ = h.drawn.Read(b) }}
	h.Service, h.Operator = account.NewService(h.store, h.hasher, settings), account.NewOperator(h.store, h.hasher, settings)
	return h
}

func (h *house) add(name string) account.User {
	h.t.Helper()
	made, err := h.Add(h.t.Context(), account.Draft{Name: name, Password: right}, false)
	if err != nil {
		h.t.Fatal(err)
	}
	return made
}

// relieve adds another administrator, so that the first may go.
func (h *house) relieve() {
	h.t.Helper()
	if _, err := h.Add(h.t.Context(), account.Draft{Name: "Zoe", Password: right}, true); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) signIn(name, password string) account.Opened {
	h.t.Helper()
	opened, err := h.SignIn(h.t.Context(), name, password, here)
	if err != nil {
		h.t.Fatalf("sign in as %s: %v", name, err)
	}
	return opened
}

func (h *house) wantKind(what string, err error, want fault.Kind) {
	h.t.Helper()
	if err == nil || fault.KindOf(err) != want {
		h.t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func (h *house) wantOver(what string, token string) {
	h.t.Helper()
	_, err := h.Authenticate(h.t.Context(), token, here)
	h.wantKind(what, err, fault.Unauthenticated)
}

func TestWhoSignsInIsKnownByTheToken(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	opened := h.signIn("  ANNA ", right)
	who, err := h.Authenticate(t.Context(), opened.Token, here)
	if err != nil || who.User.ID != 1 || who.User.Name != "Anna" || who.Session.ID != opened.Session.ID {
		t.Errorf("the token is of %+v, %v", who, err)
	}
	h.signIn("anna", right+"\r\n") // as a file has it
	if second := h.signIn("anna", right); second.Token == opened.Token || second.Session.ID == opened.Session.ID {
		t.Error("two sign-ins have one token")
	}
	for _, forged := range []string{"", "x", opened.Token + "0", opened.Token[1:], opened.Token[:63] + "g", fmt.Sprintf("%064x", 1)} {
		h.wantOver("the forged token "+forged, forged)
	}
}

// Who is unknown, has another password, or may not come in gets one answer, and each costs one comparison with a hash.
func TestEveryRefusalIsTheSame(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	h.add("Ben")
	if _, err := h.Disable(t.Context(), "Ben"); err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, try := range [][2]string{{"Anna", other}, {"Anna", ""}, {"nobody", right}, {"Ben", right}, {"", right}, {"a\x00b", right}} {
		before := h.hasher.Verified.Load()
		_, err := h.SignIn(t.Context(), try[0], try[1], here)
		h.wantKind(fmt.Sprint(try), err, fault.Unauthenticated)
		if said != "" && err.Error() != said {
			t.Errorf("%q answers %v, and another %s", try, err, said)
		}
		said = err.Error()
		if h.hasher.Verified.Load() != before+1 {
			t.Errorf("%q costs %d comparisons", try, h.hasher.Verified.Load()-before)
		}
	}
}

func TestTriesAreThrottled(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	for i := range 10 {
		_, err := h.SignIn(t.Context(), "Anna", other, here)
		h.wantKind(fmt.Sprint("try ", i), err, fault.Unauthenticated)
	}
	before := h.hasher.Verified.Load()
	_, err := h.SignIn(t.Context(), "anna", right, here)
	h.wantKind("the right password after ten wrong ones", err, fault.Throttled)
	var f *fault.Error
	if !errors.As(err, &f) || f.RetryAfter <= 0 || f.RetryAfter > time.Minute {
		t.Errorf("it may be tried again after %+v", f)
	}
	if h.hasher.Verified.Load() != before {
		t.Error("a throttled try is hashed")
	}
	if _, err := h.SignIn(t.Context(), "Anna", right, from(7)); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	// An unknown name is throttled as a known one is: it tells nothing.
	for range 10 {
		_, err = h.SignIn(t.Context(), "nobody", other, from(8))
		h.wantKind("an unknown name", err, fault.Unauthenticated)
	}
	_, err = h.SignIn(t.Context(), "nobody", other, from(8))
	h.wantKind("an unknown name once more", err, fault.Throttled)
	// One address tries many names.
	for i := range 30 {
		_, err = h.SignIn(t.Context(), fmt.Sprint("user ", i), other, from(9))
		h.wantKind("a name of many", err, fault.Unauthenticated)
	}
	_, err = h.SignIn(t.Context(), "another", other, from(9))
	h.wantKind("a name too many", err, fault.Throttled)
	// Many addresses try one name.
	for i := range 99 {
		_, err = h.SignIn(t.Context(), "Ben", other, from(100+i))
		h.wantKind("an address of many", err, fault.Unauthenticated)
	}
	_, err = h.SignIn(t.Context(), "Ben", other, account.Client{Address: "2001:db8::1"})
	h.wantKind("the hundredth", err, fault.Unauthenticated)
	_, err = h.SignIn(t.Context(), "Ben", other, account.Client{Address: "2001:db8:1::1"})
	h.wantKind("an address too many", err, fault.Throttled)
}

func TestARightPasswordClearsTheNamesTries(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	for range 2 {
		for range 9 {
			_, err := h.SignIn(t.Context(), "Anna", other, here)
			h.wantKind("a wrong password", err, fault.Unauthenticated)
		}
		h.signIn("Anna", right)
	}
}

func TestAHashOfYesterdayIsMadeAnew(t *testing.T) {
	h := newHouse(t)
	h.hasher.Parameters = "yesterday"
	h.add("Anna")
	first := h.signIn("Anna", right)
	h.hasher.Parameters = "now"
	h.signIn("Anna", right)
	stored, err := h.store.ByName(t.Context(), "anna")
	if err != nil || h.hasher.NeedsRehash(stored.Hash) {
		t.Errorf("the hash is %s, %v", stored.Hash, err)
	}
	if _, err := h.Authenticate(t.Context(), first.Token, here); err != nil {
		t.Errorf("a session from before: %v", err)
	}
	h.signIn("Anna", right)
}

func TestSessionsEndByThemselves(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	idle, used := h.signIn("Anna", right), h.signIn("Anna", right)
	for range 4 {
		h.now = h.now.Add(20 * 24 * time.Hour)
		if _, err := h.Authenticate(t.Context(), used.Token, here); err != nil {
			t.Fatalf("on %s: %v", h.now, err)
		}
	}
	h.wantOver("one that was not used for a month", idle.Token)
	h.now = h.now.Add(10*24*time.Hour - time.Second)
	if _, err := h.Authenticate(t.Context(), used.Token, here); err != nil {
		t.Fatalf("just before its end: %v", err)
	}
	h.now = h.now.Add(time.Second)
	h.wantOver("one of three months", used.Token)
	now := h.signIn("Anna", right)
	if all, err := h.Sessions(t.Context(), now.Signed); err != nil || len(all) != 1 || all[0].ID != now.Session.ID {
		t.Errorf("the sessions are %v, %v", all, err)
	}
}

func TestUseIsWrittenDownOnceAMinute(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	opened := h.signIn("Anna", right)
	touched := func(after time.Duration, address string) account.Session {
		t.Helper()
		h.now = h.now.Add(after)
		if _, err := h.Authenticate(t.Context(), opened.Token, account.Client{Address: address}); err != nil {
			t.Fatal(err)
		}
		all, err := h.store.Of(t.Context(), 1)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		return all[0]
	}
	if s := touched(59*time.Second, "192.0.2.2"); !s.Used.Equal(opened.Session.Used) || s.Client.Address != here.Address {
		t.Errorf("within the minute: %+v", s)
	}
	if s := touched(time.Second, "192.0.2.3"); !s.Used.Equal(h.now) || s.Client.Address != "192.0.2.3" || s.Client.Agent != here.Agent {
		t.Errorf("after a minute: %+v", s)
	}
}

func TestSessionsAreEnded(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	h.add("Ben")
	ben := h.signIn("Ben", right)
	one, two, three := h.signIn("Anna", right), h.signIn("Anna", right), h.signIn("Anna", right)
	h.wantKind("another's", h.EndSession(t.Context(), ben.Signed, one.Session.ID), fault.NotFound)
	if err := h.EndSession(t.Context(), one.Signed, two.Session.ID); err != nil {
		t.Error(err)
	}
	h.wantOver("the ended one", two.Token)
	if n, err := h.EndOthers(t.Context(), one.Signed); n != 1 || err != nil {
		t.Errorf("%d others, %v", n, err)
	}
	h.wantOver("an other one", three.Token)
	if err := errors.Join(h.SignOut(t.Context(), one.Token), h.SignOut(t.Context(), one.Token), h.SignOut(t.Context(), "x")); err != nil {
		t.Error(err)
	}
	h.wantOver("one that signed out", one.Token)
	if _, err := h.Authenticate(t.Context(), ben.Token, here); err != nil {
		t.Errorf("Ben's: %v", err)
	}
}

func TestANewPasswordEndsAllSessions(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	one, two := h.signIn("Anna", right), h.signIn("Anna", right)
	for what, try := range map[string]struct {
		old, new string
		field    string
	}{
		"a wrong old one": {other, other, account.FieldPassword}, "a short new one": {right, "short", account.FieldNew},
		"the name": {right, "anna anna anna anna", account.FieldNew},
	} {
		_, err := h.ChangePassword(t.Context(), one.Signed, try.old, try.new, here)
		if v := fault.ViolationsOf(err); len(v) != 1 || v[0].Field != try.field {
			t.Errorf("%s: %v", what, err)
		}
	}
	now, err := h.ChangePassword(t.Context(), one.Signed, right, other, here)
	if err != nil {
		t.Fatal(err)
	}
	h.wantOver("the one that changed it", one.Token)
	h.wantOver("another one", two.Token)
	if _, err := h.Authenticate(t.Context(), now.Token, here); err != nil {
		t.Errorf("the one in its place: %v", err)
	}
	_, err = h.SignIn(t.Context(), "Anna", right, here)
	h.wantKind("the old password", err, fault.Unauthenticated)
	h.signIn("Anna", other)
	// The operator does the same.
	if _, err := h.ResetPassword(t.Context(), "ANNA", right); err != nil {
		t.Fatal(err)
	}
	h.wantOver("after the operator's reset", now.Token)
	kept := h.signIn("Anna", right)
	h.relieve()
	if _, err := h.Disable(t.Context(), "anna"); err != nil {
		t.Fatal(err)
	}
	h.wantOver("of a disabled user", kept.Token)
	if _, err := h.Enable(t.Context(), "anna"); err != nil {
		t.Fatal(err)
	}
	h.wantOver("from before it was disabled", kept.Token)
	h.signIn("Anna", right)
}

// Somebody who tries passwords with a stolen session is throttled as at the door.
func TestTheOldPasswordCannotBeTriedOut(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	opened := h.signIn("Anna", right)
	for i := range 10 {
		_, err := h.ChangePassword(t.Context(), opened.Signed, fmt.Sprint("guess ", i), other, here)
		h.wantKind("a guess", err, fault.Invalid)
	}
	_, err := h.ChangePassword(t.Context(), opened.Signed, right, other, here)
	h.wantKind("the eleventh", err, fault.Throttled)
}

func TestAProfileIsChanged(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	h.add("Ben")
	ben := h.signIn("Ben", right)
	for name, want := range map[string]fault.Kind{"anna": fault.Conflict, " ": fault.Invalid, "a\nb": fault.Invalid} {
		_, err := h.SetProfile(t.Context(), ben.Signed, name, "de")
		if v := fault.ViolationsOf(err); fault.KindOf(err) != want || len(v) != 1 || v[0].Field != account.FieldName {
			t.Errorf("%q: %v", name, err)
		}
	}
	now, err := h.SetProfile(t.Context(), ben.Signed, " Benjamin  B ", "de")
	if err != nil || now.Name != "Benjamin B" || now.Language != "de" {
		t.Errorf("%+v, %v", now, err)
	}
	if who, err := h.Authenticate(t.Context(), ben.Token, here); err != nil || who.User.Name != "Benjamin B" {
		t.Errorf("the session is of %+v, %v", who, err)
	}
	h.signIn("benjamin b", right)
}

// A hasher that has too much to do says so, and nothing else happens.
func TestABusyHasherIsBusy(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	opened := h.signIn("Anna", right)
	h.hasher.Err = fault.New(fault.Busy, "test", "")
	_, err := h.SignIn(t.Context(), "Anna", right, here)
	h.wantKind("signing in", err, fault.Busy)
	_, err = h.SignIn(t.Context(), "nobody", right, here)
	h.wantKind("an unknown name", err, fault.Busy)
	_, err = h.ChangePassword(t.Context(), opened.Signed, right, other, here)
	h.wantKind("changing the password", err, fault.Busy)
	if _, err := h.Authenticate(context.Background(), opened.Token, here); err != nil {
		t.Errorf("who is signed in: %v", err)
	}
}
