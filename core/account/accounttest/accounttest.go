// Package accounttest is the contract of account.Store as a test suite. Every adapter runs it against the real thing. Only tests import it.
package accounttest

import (
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// Database is an open storage, asked for what it has for this module.
type Database interface {
	Accounts() account.Store
	Ledgers() ledger.Store
}

// TestStore runs the contract. newDatabase returns an empty storage and cleans up after its test.
func TestStore(t *testing.T, newDatabase func(t *testing.T) Database) {
	for _, part := range []struct {
		name string
		test func(*testing.T, fixture)
	}{
		{"an empty storage", testEmpty},
		{"what happened is told", testJournal},
		{"a change is told with it", testJournalOfChanges},
		{"a newcomer is nobody yet", testNewcomers},
		{"failed tries are counted together", testJournalOfFailures},
		{"failed tries at once are counted once each", testJournalAtOnce},
		{"what happened is told in pages", testJournalPages},
		{"what happened long ago is forgotten", testJournalTidy},
		{"what goes in comes out", testRoundTrip},
		{"a name is one user's", testNames},
		{"an account is changed", testChange},
		{"changes of one account at once", testChangesAtOnce},
		{"the last administrator stays", testLastAdmin},
		{"of administrators that go at once one stays", testLastAdminAtOnce},
		{"tries that came too often are counted together", testJournalOfRefusals},
		{"the first is made with a code", testSetup},
		{"old codes make room for new ones", testCodes},
		{"of many that set up at once one does", testSetupAtOnce},
		{"a session is found by its token", testSessions},
		{"sessions of a user are bounded", testSessionsAreBounded},
		{"a session ends with what it was opened for", testGenerations},
		{"a session is ended", testEnding},
		{"use is written down", testTouch},
		{"what is over is tidied away", testTidy},
		{"tries are counted", testThrottle},
		{"tries pass with time", testThrottlePasses},
		{"tries of a wrong clock count no more", testThrottleOfAWrongClock},
		{"tries at once are counted once each", testThrottleAtOnce},
		{"a second factor is kept", testFactor},
		{"of many that use a recovery code one does", testRecoveryAtOnce},
		{"of many instances that take a code one does", testCodesWorkOnce},
		{"passkeys are kept", testPasskeys},
		{"of many that use a passkey one does", testPasskeyAtOnce},
		{"what was begun is finished once", testHalves},
		{"of many that finish one does", testHalvesAtOnce},
		{"an identity is one user's", testIdentities},
		{"an account comes with an identity, or not at all", testCreateLinked},
		{"an account is expected with an address, or is not made", testCreateExpected},
		{"a link is taken away", testUnlink},
		{"who goes for good leaves nothing that leads there", testRemove},
		{"who is expected comes once", testExpected},
		{"links at once", testLinksAtOnce},
		{"an attempt ends once", testAttempts},
		{"no ledger changes", testState},
	} {
		t.Run("accounts: "+part.name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			part.test(t, fixture{db.Accounts(), db.Ledgers()})
		})
	}
}

// fixture is a storage of accounts, with the ledgers beside it.
type fixture struct {
	account.Store
	ledgers ledger.Store
}

// noon is a moment that every storage keeps exactly.
var noon = time.Date(2026, time.November, 24, 12, 0, 0, 123456000, time.UTC)

// someone is an account that is yet to be made.
func someone(name string) account.Account {
	return account.Account{User: account.User{Name: name, Created: noon}, Hash: "hash of " + name, Generation: 1}
}

func (f fixture) create(t *testing.T, name string) account.User {
	t.Helper()
	user, err := f.Create(t.Context(), someone(name))
	if err != nil {
		t.Fatalf("create %s: %v", name, err)
	}
	return user
}

// digest returns one that stands for a word.
func digest(word string) account.Digest { return account.DigestOf(word) }

// session returns one of a user.
func session(id account.SessionID, user ledger.UserID, used time.Time) account.Session {
	return account.Session{
		ID: id, User: user, Generation: 1, Client: account.Client{Address: "192.0.2.1", Agent: "Browser/1"}, Opened: noon, Used: used,
	}
}

func (f fixture) open(t *testing.T, token string, s account.Session) {
	t.Helper()
	if err := f.Open(t.Context(), digest(token), s); err != nil {
		t.Fatalf("open %s: %v", token, err)
	}
}

func (f fixture) change(t *testing.T, id ledger.UserID, revise func(*account.Account)) account.Account {
	t.Helper()
	now, err := f.Change(t.Context(), id, func(a account.Account) (account.Account, error) {
		revise(&a)
		return a, nil
	})
	if err != nil {
		t.Fatalf("change user %d: %v", id, err)
	}
	return now
}

func (f fixture) wantSessions(t *testing.T, of ledger.UserID, want string) {
	t.Helper()
	found, err := f.Of(t.Context(), of)
	got := ""
	for _, s := range found {
		got += fmt.Sprint(s.ID, " ")
	}
	if err != nil || got != want {
		t.Errorf("user %d has the sessions %q, %v, want %q", of, got, err, want)
	}
}

func show(u account.User) string {
	created := u.Created.UTC().Format(time.RFC3339Nano)
	return fmt.Sprintf("%d %q %q admin=%t disabled=%t %s", u.ID, u.Name, u.Language, u.Admin, u.Disabled, created)
}

func showSession(s account.Session) string {
	return fmt.Sprintf("%d of %d.%d %q %q %s–%s", s.ID, s.User, s.Generation, s.Client.Address, s.Client.Agent,
		s.Opened.UTC().Format(time.RFC3339Nano), s.Used.UTC().Format(time.RFC3339Nano))
}
