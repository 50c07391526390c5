// Package tokentest is the contract of token.Store as a test suite. Every adapter runs it against the real thing. Only tests import it.
package tokentest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
	"expense-tracker/core/token"
)

// Database is an open storage, asked for what it has for this module.
type Database interface {
	Tokens() token.Store
	Accounts() account.Store
	Members() member.Storage
	Ledgers() ledger.Store
}

// The people of the tests.
const (
	ada ledger.UserID = iota + 1
	bob
)

// other is a ledger beside the one that a test works in.
const other ledger.ID = 7

// TestStore runs the contract. newDatabase returns an empty storage and cleans up after its test.
func TestStore(t *testing.T, newDatabase func(t *testing.T) Database) {
	for _, part := range []struct {
		name string
		test func(*testing.T, fixture)
	}{
		{"what goes in comes out", testRoundTrip},
		{"a request again makes nothing", testRepeat},
		{"a request again at once makes one", testRepeatAtOnce},
		{"they are bounded", testBounds},
		{"what is over is forgotten in the end", testForgetting},
		{"one is revoked", testRevoke},
		{"one whose maker may not come in is dead", testDisabled},
		{"use is written down", testTouch},
		{"all of a user's are ended", testEndAll},
		{"a change has its line and a new state, and a use has neither", testLog},
		{"ledgers do not see each other", testIsolation},
	} {
		t.Run("tokens: "+part.name, func(t *testing.T) {
			t.Parallel()
			f := fixture{Database: newDatabase(t), in: ledger.Default}
			f.Store = f.Tokens()
			for _, id := range []ledger.ID{f.in, other} {
				if _, err := f.Ledgers().Define(t.Context(), ledgertest.Ledger(id)); err != nil {
					t.Fatal(err)
				}
			}
			for _, name := range []string{"Ada", "Bob"} {
				draft := account.Account{User: account.User{Name: name, Created: at(0)}, Hash: "hash of " + name, Generation: 1}
				if _, err := f.Accounts().Create(t.Context(), draft); err != nil {
					t.Fatal(err)
				}
			}
			part.test(t, f)
		})
	}
}

// fixture is a storage and the ledger that a test works in.
type fixture struct {
	Database
	token.Store
	in ledger.ID
}

// at returns a moment some seconds after another.
func at(seconds int) time.Time {
	return time.Date(2026, time.November, 23, 12, 0, seconds, 123456000, time.UTC)
}

// digest returns what stands for a secret.
func digest(secret string) (d token.Digest) {
	copy(d[:], fmt.Sprintf("%32s", secret))
	return d
}

// draft is a token that lasts a minute from a second on.
func draft(by ledger.UserID, second int) token.Token {
	return token.Token{Name: "Backup <b>", Scope: token.Write, By: by, At: at(second), Until: at(second + 60)}
}

func show(x token.Token) string {
	return fmt.Sprintf("%d %s %s by %d %s-%s used %s revoked %t", x.ID, x.Name, x.Scope, x.By, x.At.Format(time.StampMicro),
		x.Until.Format(time.StampMicro), x.Used.Format(time.StampMicro), x.Revoked)
}

// make keeps a token whose key is that of its secret.
func (f fixture) make(t *testing.T, in ledger.ID, secret string, given token.Token) token.Token {
	t.Helper()
	kept, err := f.Make(t.Context(), in, idempotency.Key("key of "+secret), digest(secret), given)
	if err != nil {
		t.Fatalf("make %s: %v", secret, err)
	}
	return kept
}

// wantFound checks whether a secret opens anything.
func (f fixture) wantFound(t *testing.T, in ledger.ID, secret string, there bool) {
	t.Helper()
	_, err := f.Find(t.Context(), in, digest(secret))
	if there && err != nil || !there && !errors.Is(err, fault.NotFound) {
		t.Errorf("%s in ledger %d: %v, want it there: %t", secret, in, err, there)
	}
}

// wantListed checks the numbers of what a user made, or all for user 0.
func (f fixture) wantListed(t *testing.T, in ledger.ID, by ledger.UserID, want string) {
	t.Helper()
	all, err := f.List(t.Context(), in, by)
	var got strings.Builder
	for _, x := range all {
		fmt.Fprintf(&got, "%d ", x.ID)
	}
	if err != nil || got.String() != want {
		t.Errorf("ledger %d lists %q of user %d, want %q; %v", in, got.String(), by, want, err)
	}
}

// allowed lets a token be revoked.
func allowed(token.Token) error { return nil }

func testRoundTrip(t *testing.T, f fixture) {
	f.wantListed(t, f.in, 0, "")
	f.wantFound(t, f.in, "one", false)
	first := f.make(t, f.in, "one", draft(ada, 0))
	given := draft(bob, 1)
	given.Scope = token.Read
	second := f.make(t, f.in, "two", given)
	if first.ID != 1 || second.ID != 2 || first.Name != "Backup <b>" {
		t.Errorf("made %s and %s", show(first), show(second))
	}
	found, err := f.Find(t.Context(), f.in, digest("two"))
	given.ID = 2
	if err != nil || show(found) != show(given) || !found.Used.IsZero() {
		t.Errorf("found %s, %v; want %s", show(found), err, show(given))
	}
	f.wantListed(t, f.in, 0, "2 1 ")
	f.wantListed(t, f.in, ada, "1 ")
	f.wantListed(t, f.in, 9, "")
}

func testRepeat(t *testing.T, f fixture) {
	made := f.make(t, f.in, "one", draft(ada, 0))
	if again := f.make(t, f.in, "one", draft(ada, 5)); show(again) != show(made) {
		t.Errorf("again it is %s, want %s", show(again), show(made))
	}
	if _, err := f.Make(t.Context(), f.in, "key of one", digest("another"), draft(ada, 0)); !errors.Is(err, fault.Conflict) {
		t.Errorf("another secret under the key: %v", err)
	}
	f.wantFound(t, f.in, "another", false)
	if _, err := f.Make(t.Context(), f.in, "key of one", digest("his"), draft(bob, 0)); err != nil {
		t.Errorf("a key is its maker's own: %v", err)
	}
	f.wantListed(t, f.in, 0, "2 1 ")
}

func testRepeatAtOnce(t *testing.T, f fixture) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { f.make(t, f.in, "one", draft(ada, 0)) })
	}
	all.Wait()
	f.wantListed(t, f.in, 0, "1 ")
}

func testBounds(t *testing.T, f fixture) {
	for i := range token.MaxTokens {
		f.make(t, f.in, fmt.Sprint("secret ", i), draft(ada, 0))
	}
	_, err := f.Make(t.Context(), f.in, "more", digest("more"), draft(bob, 59))
	if !errors.Is(err, fault.Conflict) {
		t.Errorf("one more: %v", err)
	}
	if err := f.Revoke(t.Context(), f.in, 3, ada, at(1), allowed); err != nil {
		t.Fatal(err)
	}
	f.make(t, f.in, "after one was revoked", draft(bob, 1))
	f.make(t, f.in, "after the others have ended", draft(bob, 60))
	f.make(t, other, "in another ledger", draft(ada, 0))
}

func testForgetting(t *testing.T, f fixture) {
	for i := range token.MaxEnded + 5 {
		made := f.make(t, f.in, fmt.Sprint("secret ", i), draft(ada, 0))
		if i == 7 {
			continue // this one lives
		}
		if err := f.Revoke(t.Context(), f.in, made.ID, ada, at(1), allowed); err != nil {
			t.Fatal(err)
		}
	}
	made := f.make(t, f.in, "the last", draft(ada, 2))
	if want := token.ID(token.MaxEnded + 6); made.ID != want {
		t.Errorf("the last one is number %d, want %d", made.ID, want)
	}
	f.wantFound(t, f.in, "secret 7", true)
	if err := f.Revoke(t.Context(), f.in, 1, ada, at(3), allowed); !errors.Is(err, fault.NotFound) {
		t.Errorf("the oldest is known: %v", err)
	}
	if err := f.Revoke(t.Context(), f.in, 10, ada, at(3), allowed); err != nil {
		t.Errorf("a newer one is not: %v", err)
	}
}

func testRevoke(t *testing.T, f fixture) {
	ctx := t.Context()
	f.make(t, f.in, "one", draft(ada, 0))
	f.make(t, f.in, "two", draft(ada, 0))
	refused := fault.New(fault.Forbidden, "test", "no")
	if err := f.Revoke(ctx, f.in, 1, bob, at(1), func(token.Token) error { return refused }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("refused: %v", err)
	}
	f.wantFound(t, f.in, "one", true)
	for range 2 {
		asked := token.ID(0)
		err := f.Revoke(ctx, f.in, 1, bob, at(2), func(now token.Token) error { asked = now.ID; return nil })
		if err != nil || asked != 1 {
			t.Errorf("revoked after a question about %d: %v", asked, err)
		}
		f.wantFound(t, f.in, "one", false)
	}
	f.wantFound(t, f.in, "two", true)
	f.wantListed(t, f.in, 0, "2 ")
	if err := f.Revoke(ctx, f.in, 9, ada, at(2), allowed); !errors.Is(err, fault.NotFound) {
		t.Errorf("one that never was: %v", err)
	}
	if _, err := f.Make(ctx, f.in, "key of one", digest("again"), draft(ada, 3)); !errors.Is(err, fault.Conflict) {
		t.Errorf("its form again: %v", err)
	}
}

func testDisabled(t *testing.T, f fixture) {
	f.make(t, f.in, "one", draft(bob, 0))
	f.make(t, f.in, "two", draft(ada, 0))
	for _, disabled := range []bool{true, false} {
		_, err := f.Accounts().Change(t.Context(), bob, func(a account.Account) (account.Account, error) {
			a.Disabled = disabled
			a.Generation++ // as with another password, which ends no token
			return a, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		f.wantFound(t, f.in, "one", !disabled)
		f.wantFound(t, f.in, "two", true)
	}
	f.make(t, f.in, "nobody's", draft(99, 0))
	f.wantFound(t, f.in, "nobody's", false)
}

func testTouch(t *testing.T, f fixture) {
	made := f.make(t, f.in, "one", draft(ada, 0))
	for _, second := range []int{30, 20} {
		if err := f.Touch(t.Context(), f.in, made.ID, at(second)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Touch(t.Context(), f.in, 99, at(40)); err != nil {
		t.Errorf("one that never was: %v", err)
	}
	found, err := f.Find(t.Context(), f.in, digest("one"))
	if err != nil || !found.Used.Equal(at(30)) {
		t.Errorf("used %s, %v", found.Used, err)
	}
}

func testEndAll(t *testing.T, f fixture) {
	f.make(t, f.in, "one", draft(bob, 0))
	f.make(t, f.in, "Ada's", draft(ada, 0))
	f.make(t, other, "two", draft(bob, 0))
	for _, want := range []int{2, 0} {
		if ended, err := f.EndAll(t.Context(), bob); ended != want || err != nil {
			t.Errorf("ended %d, %v; want %d", ended, err, want)
		}
	}
	f.wantFound(t, f.in, "one", false)
	f.wantFound(t, other, "two", false)
	f.wantFound(t, f.in, "Ada's", true)
}

func testLog(t *testing.T, f fixture) {
	ctx := t.Context()
	state := func() ledger.State {
		now, err := f.Ledgers().State(ctx, f.in)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	lines := func() string {
		all, err := f.Members().Events(ctx, f.in, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		for _, e := range all {
			fmt.Fprintf(&said, "%s by %d of %d as %s: %s, %s\n", e.Kind, e.By, e.Of, e.Role, e.Text, e.At.Format(time.TimeOnly))
		}
		return said.String()
	}
	before := state()
	f.make(t, f.in, "one", draft(bob, 0))
	made := state()
	f.make(t, f.in, "one", draft(bob, 0))
	if err := f.Touch(ctx, f.in, 1, at(1)); err != nil {
		t.Fatal(err)
	}
	if made == before || state() != made {
		t.Errorf("states %v, then %v, then %v", before, made, state())
	}
	for range 2 {
		if err := f.Revoke(ctx, f.in, 1, ada, at(2), allowed); err != nil {
			t.Fatal(err)
		}
	}
	if state() == made {
		t.Error("a token was revoked, and the state stays")
	}
	want := string(member.TokenRevoked) + " by 1 of 2 as editor: Backup <b>, 12:00:02\n" +
		string(member.TokenMade) + " by 2 of 0 as editor: Backup <b>, 12:00:00\n"
	if got := lines(); got != want {
		t.Errorf("the log says\n%swant\n%s", got, want)
	}
}

// testIsolation asks each method of the port, in another ledger, for what a ledger has.
func testIsolation(t *testing.T, f fixture) {
	ctx := t.Context()
	made := f.make(t, f.in, "one", draft(ada, 0))
	ledgertest.Isolation[token.Store](t, map[string]string{
		"EndAll": "the operator keeps a user out of every ledger",
	}, map[string]func(*testing.T){
		"Make": func(t *testing.T) { // a secret is known in its own ledger alone
			if own := f.make(t, other, "one", draft(bob, 0)); own.By != bob {
				t.Errorf("the same secret in another ledger gave %s", show(own))
			}
		},
		"List": func(t *testing.T) {
			found, err := f.List(ctx, other+1, 0)
			ledgertest.WantNothing(t, found, err)
		},
		"Revoke": func(t *testing.T) {
			ledgertest.WantNotFound(t, f.Revoke(ctx, other+1, made.ID, ada, at(1), allowed))
		},
		"Find": func(t *testing.T) {
			_, err := f.Find(ctx, other+1, digest("one"))
			ledgertest.WantNotFound(t, err)
		},
		"Touch": func(t *testing.T) {
			if err := f.Touch(ctx, other+1, made.ID, at(1)); err != nil {
				t.Error(err)
			}
		},
	})
	if found, err := f.Find(ctx, f.in, digest("one")); err != nil || !found.Used.IsZero() || found.By != ada {
		t.Errorf("after another ledger's: %s, %v", show(found), err)
	}
}
