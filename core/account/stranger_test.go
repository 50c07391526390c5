package account_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Whose account has no password proves by a log-in that was just now who asks: a stolen session is not enough, and nobody is stuck.
func TestWhoHasNoPasswordGoes(t *testing.T) {
	g := newGate(t, account.Policy{SignUp: []string{"*"}})
	g.add("Owner")
	ana, err := g.comeIn(person("ana"))
	if err != nil {
		t.Fatal(err)
	}
	g.now = g.now.Add(account.FreshFor + time.Second)
	g.wantKind("with a session that may be stolen", g.Service.Remove(t.Context(), ana.Signed, ""), fault.Conflict)
	g.wantKind("with a guess, too", g.Service.Remove(t.Context(), ana.Signed, "none:"), fault.Conflict)
	for what, err := range map[string]error{
		"a second step":  g.StartFactor(t.Context(), ana.Signed, "", here),
		"other codes":    errOf(g.EndFactor(t.Context(), ana.Signed, "", here)),
		"a new passkey":  errOf(g.AskForNew(t.Context(), ana.Signed, "https://example.org", "key", "", here)),
		"a new password": errOf(g.ChangePassword(t.Context(), ana.Signed, "", other, here)),
	} {
		g.wantKind(what, err, fault.Conflict)
	}
	again, err := g.comeIn(person("ana"))
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Service.Remove(t.Context(), again.Signed, ""); err != nil {
		t.Fatal(err)
	}
	g.wantUsers("Owner")
	g.wantOver("the session that asked", again.Token)
	g.wantOver("the older one", ana.Token)
	// The person is as one who was never here.
	anew, err := g.comeIn(person("ana"))
	if err != nil || anew.User.ID == ana.User.ID {
		t.Errorf("came in as %+v, %v", anew.User, err)
	}
	g.wantUsers("Owner", "ana")
}

func errOf[T any](_ T, err error) error { return err }

// Where nobody comes in with a password, the only link stays even if the account has one, and it takes no password to go.
func TestWherePasswordsLetNobodyIn(t *testing.T) {
	g := newGate(t, account.Policy{})
	g.add("Anna")
	anna := g.signIn("Anna", right)
	begun, err := g.BeginLink(t.Context(), anna.Signed, right, "", "/account", here)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.comeBack(begun, person("ana"), anna.Signed); err != nil {
		t.Fatal(err)
	}
	settings := account.Settings{
		Now: func() time.Time { return g.now }, Random: func(b []byte) { _, _ = g.drawn.Read(b) }, Ends: g.Ends(), NoPasswords: true,
	}
	g.Service = account.NewService(g.store, g.hasher, settings)
	g.Federation = account.NewFederation(g.Service, g.provider, account.Policy{})
	_, err = g.Unlink(t.Context(), anna.Signed, right, here)
	g.wantKind("unlinking the only way in", err, fault.Conflict)
	_, err = g.BeginLink(t.Context(), anna.Signed, other, "", "/account", here)
	g.wantKind("linking with a wrong password", err, fault.Invalid)
	g.relieve()
	if err := g.Service.Remove(t.Context(), anna.Signed, ""); err != nil {
		t.Errorf("after a fresh log-in: %v", err)
	}
}

// What programs come in with ends with the account, whoever deletes it.
func TestWhatProgramsComeInWithEndsWithTheAccount(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	h.add("Ben")
	h.relieve()
	var shut []ledger.UserID
	settings := account.Settings{
		Now: func() time.Time { return h.now }, Random: func(b []byte) { _, _ = h.drawn.Read(b) }, Ends: h.Ends(),
		Shut: func(_ context.Context, id ledger.UserID) error {
			shut = append(shut, id)
			return nil
		},
	}
	h.Service, h.Operator = account.NewService(h.store, h.hasher, settings), account.NewOperator(h.store, h.hasher, settings)
	err := h.Service.Remove(t.Context(), h.signIn("Anna", right).Signed, right)
	_, removed := h.Operator.Remove(t.Context(), "Ben")
	if err = errors.Join(err, removed); err != nil || len(shut) != 2 || shut[0] != 1 || shut[1] != 2 {
		t.Errorf("shut %v, %v", shut, err)
	}
}

// The log has when and by whom an account came to be and was linked, and that its password was guessed by who is signed in.
func TestTheLogHasLinksAndGuesses(t *testing.T) {
	g := newGate(t, account.Policy{SignUp: []string{"*"}})
	g.add("Anna")
	ana, err := g.comeIn(person("ana"))
	if err != nil {
		t.Fatal(err)
	}
	wantLog := func(who account.Signed, want ...account.EventKind) {
		t.Helper()
		found, err := g.OwnEvents(t.Context(), who, 0, 100)
		if err != nil || len(found.Events) != len(want) {
			t.Fatalf("the log is %+v, %v, want %v", found.Events, err, want)
		}
		for i, e := range found.Events {
			if e.Kind != want[i] || !e.At.Equal(g.now) || e.By != who.User.ID && e.Kind != account.EventFailed && e.Kind != account.EventSetUp {
				t.Errorf("event %d is %+v, want %s at %s", i, e, want[i], g.now)
			}
		}
	}
	wantLog(ana.Signed, account.EventSignedIn, account.EventLinked, account.EventAdded)
	anna := g.signIn("Anna", right)
	_ = g.StartFactor(t.Context(), anna.Signed, other, here)
	_, _ = g.ChangePassword(t.Context(), anna.Signed, other, "nine calm foxes nap", here)
	_, _ = g.BeginLink(t.Context(), anna.Signed, other, "", "/account", here)
	_ = g.Service.Remove(t.Context(), anna.Signed, other)
	found, err := g.OwnEvents(t.Context(), anna.Signed, 0, 1)
	if err != nil || len(found.Events) != 1 || found.Events[0].Kind != account.EventFailed || found.Events[0].Count != 4 {
		t.Errorf("guesses: %+v, %v", found.Events, err)
	}
	begun, err := g.BeginLink(t.Context(), anna.Signed, right, "", "/account", here)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.comeBack(begun, person("a"), anna.Signed); err != nil {
		t.Fatal(err)
	}
	if _, err = g.Unlink(t.Context(), anna.Signed, right, here); err != nil {
		t.Fatal(err)
	}
	wantLog(anna.Signed, account.EventSignedIn, account.EventUnlinked, account.EventLinked, account.EventFailed, account.EventSignedIn,
		account.EventSetUp)
}
