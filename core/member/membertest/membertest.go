// Package membertest is the contract of member.Storage as a test suite. Every adapter runs it against the real thing. Only tests
// import it.
package membertest

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
)

// Database is an open storage, asked for what it has for this module.
type Database interface {
	Members() member.Storage
	Ledgers() ledger.Store
}

// The people of the tests.
const (
	ada ledger.UserID = iota + 1
	bob
	cyd
)

// TestStorage runs the contract. newDatabase returns an empty storage and cleans up after its test.
func TestStorage(t *testing.T, newDatabase func(t *testing.T) Database) {
	for _, part := range []struct {
		name string
		test func(*testing.T, fixture)
	}{
		{"nobody is in a ledger", testEmpty},
		{"what goes in comes out", testRoundTrip},
		{"a change is decided on all members", testDecided},
		{"who leaves keeps a row", testLeft},
		{"a user's ledgers", testMemberships},
		{"the log", testEvents},
		{"a new ledger", testCreate},
		{"a new ledger takes no number that is taken", testCreateBeside},
		{"many new ledgers at once", testCreateAtOnce},
		{"a user's ledgers are bounded", testLedgersBounded},
		{"a ledger is described", testDescribe},
		{"an invitation", testInvitation},
		{"invitations are bounded", testInvitationsBounded},
		{"an invitation is withdrawn", testWithdraw},
		{"an invitation is accepted", testAccept},
		{"an invitation is accepted by two at once", testAcceptAtOnce},
		{"two owners leave at once", testOwnersAtOnce},
		{"a ledger is erased", testErase},
		{"each change gives a new state", testState},
		{"ledgers do not see each other", testIsolation},
		{"no method shows another ledger", testEveryMethodApart},
	} {
		t.Run("members: "+part.name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			f := fixture{db.Members(), db.Ledgers(), ledger.Default}
			for _, id := range []ledger.ID{f.in, other} {
				if _, err := f.ledgers.Define(t.Context(), ledgertest.Ledger(id)); err != nil {
					t.Fatal(err)
				}
			}
			part.test(t, f)
		})
	}
}

// other is a ledger beside the one that a test works in.
const other ledger.ID = 7

// fixture is a storage and the ledger that a test works in.
type fixture struct {
	member.Storage
	ledgers ledger.Store
	in      ledger.ID
}

// at returns a moment some seconds after another.
func at(seconds int) time.Time {
	return time.Date(2026, time.November, 23, 12, 0, seconds, 123456000, time.UTC)
}

// join makes a user a member.
func (f fixture) join(t *testing.T, user ledger.UserID, role ledger.Role) {
	t.Helper()
	f.step(t, member.Step{
		Member: member.Member{User: user, Role: role, Since: at(int(user))},
		Event:  member.Event{At: at(int(user)), Kind: member.Joined, By: user, Of: user, Role: role},
	})
}

func (f fixture) step(t *testing.T, step member.Step) {
	t.Helper()
	if err := f.Change(t.Context(), f.in, func([]member.Member) (member.Step, error) { return step, nil }); err != nil {
		t.Fatalf("step %+v: %v", step, err)
	}
}

// all returns every row, by user.
func (f fixture) all(t *testing.T) string {
	t.Helper()
	var seen string
	err := f.Change(t.Context(), f.in, func(all []member.Member) (member.Step, error) {
		seen = show(all)
		return member.Step{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func (f fixture) wantMembers(t *testing.T, want string) {
	t.Helper()
	found, err := f.Members(t.Context(), f.in)
	shown := make([]string, len(found))
	for i, m := range found {
		shown[i] = showOne(m)
	}
	if got := strings.Join(shown, ", "); err != nil || got != want {
		t.Errorf("members %q, %v, want %q", got, err, want)
	}
}

func (f fixture) wantLog(t *testing.T, want string) {
	t.Helper()
	found, err := f.Events(t.Context(), f.in, 0, 100)
	if got := showLog(found); err != nil || got != want {
		t.Errorf("log %q, %v, want %q", got, err, want)
	}
}

func (f fixture) state(t *testing.T) ledger.State {
	t.Helper()
	state, err := f.ledgers.State(t.Context(), f.in)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func show(all []member.Member) string {
	shown := make([]string, len(all))
	for i, m := range all {
		shown[i] = showOne(m)
	}
	sort.Strings(shown)
	return strings.Join(shown, ", ")
}

func showOne(m member.Member) string { return fmt.Sprint(m.User, " ", m.Role, " ", m.Since.Second()) }

func showLog(events []member.Event) string {
	shown := make([]string, len(events))
	for i, e := range events {
		shown[i] = fmt.Sprint(e.Kind, " ", e.By, " ", e.Of, " ", e.Role, " ", e.Text)
	}
	return strings.Join(shown, ", ")
}

func wantKind(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
}

func testEmpty(t *testing.T, f fixture) {
	f.wantMembers(t, "")
	f.wantLog(t, "")
	if found, err := f.Memberships(t.Context(), ada, 10); err != nil || len(found) > 0 {
		t.Errorf("ledgers %+v, %v", found, err)
	}
	if found, err := f.Open(t.Context(), f.in, at(0)); err != nil || len(found) > 0 {
		t.Errorf("invitations %+v, %v", found, err)
	}
	_, err := f.Membership(t.Context(), f.in, ada)
	wantKind(t, "a place", err, fault.NotFound)
	_, err = f.Look(t.Context(), f.in, member.Hash{1})
	wantKind(t, "a look", err, fault.NotFound)
	_, err = f.Accept(t.Context(), f.in, member.Hash{1}, ada, never(t))
	wantKind(t, "an answer", err, fault.NotFound)
	wantKind(t, "a withdrawal", f.Withdraw(t.Context(), f.in, 1, member.Event{At: at(1), Kind: member.Withdrawn}), fault.NotFound)
}

// never fails the test if it is asked.
func never(t *testing.T) func(member.Invitation, []member.Member) (member.Step, error) {
	return func(member.Invitation, []member.Member) (member.Step, error) {
		t.Error("somebody decided")
		return member.Step{}, nil
	}
}

func testRoundTrip(t *testing.T, f fixture) {
	f.join(t, bob, ledger.Editor)
	f.join(t, ada, ledger.Owner)
	f.join(t, cyd, ledger.Viewer)
	f.wantMembers(t, "1 owner 1, 2 editor 2, 3 viewer 3")
	got, err := f.Membership(t.Context(), f.in, bob)
	want := member.Membership{Ledger: ledgertest.Ledger(f.in), Member: member.Member{User: bob, Role: ledger.Editor, Since: at(2)}}
	if err != nil || !got.Ledger.Equal(want.Ledger) || !got.Equal(want.Member) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	same := member.Step{
		Member: member.Member{User: 1 << 40, Role: ledger.Viewer, Since: at(1)},
		Event:  member.Event{At: at(9), Kind: member.RoleChanged, By: ada, Of: 1 << 40, Role: ledger.Viewer, Text: "Ada’s\n<b>"},
	}
	f.step(t, same)
	f.wantMembers(t, "1 owner 1, 1099511627776 viewer 1, 2 editor 2, 3 viewer 3")
	found, err := f.Events(t.Context(), f.in, 0, 1)
	if err != nil || len(found) != 1 || !found[0].At.Equal(at(9)) || showLog(found) != showLog([]member.Event{same.Event}) {
		t.Errorf("log %+v, %v", found, err)
	}
}

func testDecided(t *testing.T, f fixture) {
	f.join(t, ada, ledger.Owner)
	f.join(t, bob, ledger.Editor)
	before := f.state(t)
	refused := fault.New(fault.Conflict, "test", "no")
	err := f.Change(t.Context(), f.in, func(all []member.Member) (member.Step, error) {
		if got := show(all); got != "1 owner 1, 2 editor 2" {
			t.Errorf("decided on %q", got)
		}
		return member.Step{Member: member.Member{User: ada}, Event: member.Event{Kind: member.Left}}, refused
	})
	wantKind(t, "a refused change", err, fault.Conflict)
	if got := f.all(t); got != "1 owner 1, 2 editor 2" || f.state(t) != before {
		t.Errorf("a refused change, and one of nothing, left %q", got)
	}
}

func testLeft(t *testing.T, f fixture) {
	f.join(t, ada, ledger.Owner)
	f.join(t, bob, ledger.Editor)
	f.step(t, member.Step{Member: member.Member{User: bob, Since: at(2)}, Event: member.Event{At: at(5), Kind: member.Left, By: bob, Of: bob}})
	f.wantMembers(t, "1 owner 1")
	if got := f.all(t); got != "1 owner 1, 2 nobody 2" {
		t.Errorf("rows %q", got)
	}
	_, err := f.Membership(t.Context(), f.in, bob)
	wantKind(t, "the place of one who has left", err, fault.NotFound)
	if found, err := f.Memberships(t.Context(), bob, 10); err != nil || len(found) > 0 {
		t.Errorf("ledgers of one who has left: %+v, %v", found, err)
	}
	f.join(t, bob, ledger.Viewer)
	f.wantMembers(t, "1 owner 1, 2 viewer 2")
}

func testMemberships(t *testing.T, f fixture) {
	second := f
	second.in = other
	second.join(t, ada, ledger.Viewer)
	f.join(t, ada, ledger.Owner)
	f.join(t, bob, ledger.Owner)
	showLedgers := func(user ledger.UserID, limit int) string {
		found, err := f.Memberships(t.Context(), user, limit)
		if err != nil {
			t.Fatal(err)
		}
		var shown []string
		for _, m := range found {
			shown = append(shown, fmt.Sprint(m.Ledger.ID, " ", m.Ledger.Name, " ", m.Ledger.Currency, " ", showOne(m.Member)))
		}
		return strings.Join(shown, ", ")
	}
	for want, got := range map[string]string{
		"1 Expenses USD 1 owner 1, 7 Expenses USD 1 viewer 1": showLedgers(ada, 10),
		"1 Expenses USD 1 owner 1":                            showLedgers(ada, 1),
		"1 Expenses USD 2 owner 2":                            showLedgers(bob, 10),
		"":                                                    showLedgers(cyd, 10),
	} {
		if got != want {
			t.Errorf("ledgers %q, want %q", got, want)
		}
	}
}

func testEvents(t *testing.T, f fixture) {
	for n := range 5 {
		f.join(t, ledger.UserID(n+1), ledger.Viewer)
	}
	var pages []string
	before := member.EventID(0)
	for range 3 {
		found, err := f.Events(t.Context(), f.in, before, 2)
		if err != nil || len(found) == 0 {
			t.Fatal(found, err)
		}
		before = found[len(found)-1].ID
		for _, e := range found {
			pages = append(pages, fmt.Sprint(e.Of))
		}
		pages = append(pages, "|")
	}
	if got := strings.Join(pages, " "); got != "5 4 | 3 2 | 1 |" {
		t.Errorf("pages %s", got)
	}
	for _, kind := range member.Kinds() {
		f.step(t, member.Step{Member: member.Member{User: ada, Since: at(1)}, Event: member.Event{At: at(1), Kind: kind, By: ada}})
		found, err := f.Events(t.Context(), f.in, 0, 1)
		if err != nil || len(found) != 1 || found[0].Kind != kind {
			t.Errorf("%s came out as %+v, %v", kind, found, err)
		}
	}
}

func testState(t *testing.T, f fixture) {
	last := f.state(t)
	ctx := t.Context()
	token := member.Hash{1}
	for _, change := range []struct {
		name string
		call func(context.Context) error
	}{
		{"a change", func(context.Context) error { f.join(t, ada, ledger.Owner); return nil }},
		{"an invitation", func(ctx context.Context) error { _, err := f.Invite(ctx, f.in, token, invitation(1)); return err }},
		{"an answer", func(ctx context.Context) error { _, err := f.Accept(ctx, f.in, token, bob, accepting(bob)); return err }},
		{"a second invitation", func(ctx context.Context) error {
			_, err := f.Invite(ctx, f.in, member.Hash{2}, invitation(1))
			return err
		}},
		{"a withdrawal", func(ctx context.Context) error {
			return f.Withdraw(ctx, f.in, 2, member.Event{At: at(3), Kind: member.Withdrawn, By: ada})
		}},
		{"a new name of a member", func(ctx context.Context) error { return f.Renew(ctx, f.in) }},
		{"a description", func(ctx context.Context) error { _, err := f.Describe(ctx, f.in, naming("Household")); return err }},
	} {
		if err := change.call(ctx); err != nil {
			t.Fatalf("%s: %v", change.name, err)
		}
		now := f.state(t)
		if now.Version <= last.Version || now.Mark == last.Mark {
			t.Errorf("after %s the state is %v, before it was %v", change.name, now, last)
		}
		last = now
		if change.name == "a change" || change.name == "a new name of a member" {
			continue
		}
		if err := change.call(ctx); err != nil {
			t.Fatalf("%s, repeated: %v", change.name, err)
		}
		if now := f.state(t); now != last {
			t.Errorf("a repeat of %s gave the state %v", change.name, now)
		}
	}
}

// naming gives a ledger a name.
func naming(name string) func(ledger.Ledger) (ledger.Ledger, member.Event, error) {
	return func(now ledger.Ledger) (ledger.Ledger, member.Event, error) {
		now.Name = name
		return now, member.Event{At: at(4), Kind: member.Described, By: ada, Text: name}, nil
	}
}

// invitation returns one that was made at a second and ends a minute later.
func invitation(second int) member.Invitation {
	return member.Invitation{Role: ledger.Editor, Note: "for Bob", By: ada, At: at(second), Until: at(second).Add(time.Minute)}
}

// accepting makes a user a member as the invitation says.
func accepting(user ledger.UserID) func(member.Invitation, []member.Member) (member.Step, error) {
	return func(offered member.Invitation, _ []member.Member) (member.Step, error) {
		if offered.UsedBy != 0 {
			return member.Step{}, fault.New(fault.Conflict, "test", "used")
		}
		return member.Step{
			Member: member.Member{User: user, Role: offered.Role, Since: at(2)},
			Event:  member.Event{At: at(2), Kind: member.Joined, By: user, Of: user, Role: offered.Role},
		}, nil
	}
}

// request returns one for a new ledger.
func request(maker ledger.UserID, key string) member.Request {
	return member.Request{Maker: maker, Key: idempotency.Key(key), Fingerprint: idempotency.FingerprintOf(key), At: at(3)}
}
