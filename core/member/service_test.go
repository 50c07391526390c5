package member_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
	"expense-tracker/core/revision"
)

// The people of the tests.
const (
	ada ledger.UserID = iota + 1
	bob
	cyd
)

// home is a household: Ada owns it.
type home struct {
	*member.Service
	t   *testing.T
	now time.Time
	in  ledger.ID
}

func newHome(t *testing.T) *home {
	t.Helper()
	h := &home{t: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	keys := 0
	h.Service = member.NewService(memory.New().Members(), member.Settings{
		Now: func() time.Time { return h.now }, PageSize: 5, Configured: ledger.Default,
		Random: func(b []byte) { _, _ = rand.Read(b) },
		NewKey: func() idempotency.Key { keys++; return idempotency.Key(fmt.Sprint("key-", keys)) },
	})
	h.in = h.create(ada, "Household")
	return h
}

func (h *home) create(maker ledger.UserID, name string) ledger.ID {
	h.t.Helper()
	made, err := h.Create(h.t.Context(), maker, "", member.Draft{Name: name, Currency: "eur", Zone: "Europe/Berlin"})
	if err != nil {
		h.t.Fatal(err)
	}
	return made.Ledger.ID
}

func (h *home) actor(user ledger.UserID) ledger.Actor {
	h.t.Helper()
	actor, err := h.Actor(h.t.Context(), user, h.in)
	if err != nil {
		h.t.Fatal(err)
	}
	return actor
}

// invite returns the link of an invitation by Ada.
func (h *home) invite(role ledger.Role) string {
	h.t.Helper()
	_, token, err := h.Invite(h.t.Context(), h.actor(ada), member.InviteDraft{Role: role.String()})
	if err != nil {
		h.t.Fatal(err)
	}
	return token.Text()
}

// join brings a user in.
func (h *home) join(user ledger.UserID, role ledger.Role) ledger.Actor {
	h.t.Helper()
	joined, err := h.Accept(h.t.Context(), user, h.invite(role))
	if err != nil {
		h.t.Fatal(err)
	}
	return joined.Actor()
}

func (h *home) want(want string) {
	h.t.Helper()
	all, err := h.Members(h.t.Context(), h.actor(ada))
	var shown []string
	for _, m := range all {
		shown = append(shown, fmt.Sprint(m.User, " ", m.Role))
	}
	if got := strings.Join(shown, ", "); err != nil || got != want {
		h.t.Errorf("members %q, %v, want %q", got, err, want)
	}
}

func (h *home) wantKind(what string, err error, kind fault.Kind, texts ...string) {
	h.t.Helper()
	if !errors.Is(err, kind) {
		h.t.Errorf("%s: %v, want %v", what, err, kind)
		return
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			h.t.Errorf("%s: %v, want %q", what, err, text)
		}
	}
}

func TestEveryUseCaseChecksTheRole(t *testing.T) {
	h := newHome(t)
	ctx := t.Context()
	for _, use := range []struct {
		name string
		need ledger.Role
		call func(ledger.Actor) error
	}{
		{"Members", ledger.Viewer, func(a ledger.Actor) error { _, err := h.Members(ctx, a); return err }},
		{"Leave", ledger.Viewer, func(a ledger.Actor) error { return h.Leave(ctx, a) }},
		{"SetRole", ledger.Owner, func(a ledger.Actor) error { return h.SetRole(ctx, a, ada, "viewer") }},
		{"Remove", ledger.Owner, func(a ledger.Actor) error { return h.Remove(ctx, a, ada) }},
		{"Describe", ledger.Owner, func(a ledger.Actor) error {
			_, err := h.Describe(ctx, a, revision.Seen{}, member.Draft{Name: "x", Currency: "EUR"})
			return err
		}},
		{"Events", ledger.Owner, func(a ledger.Actor) error { _, err := h.Events(ctx, a, 0); return err }},
		{"Invite", ledger.Owner, func(a ledger.Actor) error {
			_, _, err := h.Invite(ctx, a, member.InviteDraft{Role: "owner"})
			return err
		}},
		{"Invitations", ledger.Owner, func(a ledger.Actor) error { _, err := h.Invitations(ctx, a); return err }},
		{"Withdraw", ledger.Owner, func(a ledger.Actor) error { return h.Withdraw(ctx, a, 1) }},
	} {
		for role := ledger.Role(0); role <= ledger.Owner; role++ {
			err := use.call(ledger.Actor{User: bob, Ledger: ledgertest.Ledger(99), Role: role})
			if refused := errors.Is(err, fault.Forbidden); role < use.need && !refused {
				t.Errorf("%s as %s: %v, want Forbidden", use.name, role, err)
			}
		}
	}
}

// A role that was taken away while its holder's request was under way counts no more.
func TestTheRoleOfTheMomentCounts(t *testing.T) {
	h := newHome(t)
	was := h.join(bob, ledger.Owner)
	if err := h.SetRole(t.Context(), h.actor(ada), bob, "editor"); err != nil {
		t.Fatal(err)
	}
	h.wantKind("a removal by who was an owner", h.Remove(t.Context(), was, ada), fault.Forbidden, "owner", "editor")
	h.wantKind("a role from who was an owner", h.SetRole(t.Context(), was, bob, "owner"), fault.Forbidden)
	h.want("1 owner, 2 editor")
}

func TestAnActorIsAMember(t *testing.T) {
	h := newHome(t)
	h.join(bob, ledger.Viewer)
	for user, want := range map[ledger.UserID]ledger.Role{ada: ledger.Owner, bob: ledger.Viewer} {
		if actor := h.actor(user); actor.Role != want || actor.User != user || actor.Ledger.Name != "Household" {
			t.Errorf("%d acts as %+v", user, actor)
		}
	}
	for what, asked := range map[string]struct {
		user ledger.UserID
		in   ledger.ID
	}{"a stranger": {cyd, h.in}, "nobody": {0, h.in}, "another ledger": {ada, h.create(bob, "Bob's")}, "no ledger": {ada, 99}} {
		actor, err := h.Actor(t.Context(), asked.user, asked.in)
		h.wantKind(what, err, fault.NotFound, "there is no such ledger")
		if actor != (ledger.Actor{}) {
			t.Errorf("%s acts as %+v", what, actor)
		}
	}
}

func TestALedgerIsMade(t *testing.T) {
	h := newHome(t)
	draft := member.Draft{Name: "  Holi\tday ", Currency: "jpy", Zone: "Asia/Tokyo"}
	first, err := h.Create(t.Context(), bob, "key", draft)
	if err != nil || first.Ledger.Name != "Holi day" || first.Ledger.Currency.Code() != "JPY" || first.Role != ledger.Owner {
		t.Fatalf("made %+v, %v", first, err)
	}
	if again, err := h.Create(t.Context(), bob, "key", draft); err != nil || again.Ledger.ID != first.Ledger.ID {
		t.Errorf("the same again made %+v, %v", again, err)
	}
	draft.Name = "Another"
	_, err = h.Create(t.Context(), bob, "key", draft)
	h.wantKind("another by the same key", err, fault.Conflict)
	if all, err := h.Ledgers(t.Context(), bob); err != nil || len(all) != 1 {
		t.Errorf("%d ledgers, %v", len(all), err)
	}
	_, err = h.Create(t.Context(), bob, "", member.Draft{Name: strings.Repeat("x", 101), Currency: "EURO", Zone: "Mars/Olympus"})
	h.wantKind("what nothing is right in", err, fault.Invalid, "name:", "currency:", "zone:")
	_, err = h.Create(t.Context(), bob, "", member.Draft{Name: "\u200b", Zone: "Local"})
	h.wantKind("what is empty", err, fault.Invalid, "name:", "currency:", "zone:")
	_, err = h.Create(t.Context(), bob, "a key", member.Draft{Name: "x", Currency: "EUR"})
	h.wantKind("a key that is none", err, fault.Invalid, "idempotency_key:")
	_, err = h.Create(t.Context(), 0, "", member.Draft{Name: "x", Currency: "EUR"})
	h.wantKind("nobody's", err, fault.Unauthenticated)
}

func TestTheLastOwnerStays(t *testing.T) {
	h := newHome(t)
	ctx := t.Context()
	h.join(bob, ledger.Editor)
	h.wantKind("the last owner's leaving", h.Leave(ctx, h.actor(ada)), fault.Conflict, "needs an owner")
	h.wantKind("the last owner's stepping down", h.SetRole(ctx, h.actor(ada), ada, "editor"), fault.Conflict, "needs an owner")
	h.wantKind("the last owner's removal", h.Remove(ctx, h.actor(ada), ada), fault.Conflict, "needs an owner")
	h.want("1 owner, 2 editor")
	if err := errors.Join(h.SetRole(ctx, h.actor(ada), bob, "owner"), h.Leave(ctx, h.actor(bob))); err != nil {
		t.Error(err)
	}
	h.want("1 owner")
}

func TestMembersChange(t *testing.T) {
	h := newHome(t)
	ctx := t.Context()
	h.join(bob, ledger.Editor)
	h.join(cyd, ledger.Viewer)
	was := h.actor(cyd)
	for range 2 { // the second time changes nothing
		if err := errors.Join(h.SetRole(ctx, h.actor(ada), bob, "viewer"), h.Remove(ctx, h.actor(ada), cyd)); err != nil {
			t.Fatal(err)
		}
	}
	h.want("1 owner, 2 viewer")
	h.wantKind("the role of one who has left", h.SetRole(ctx, h.actor(ada), cyd, "owner"), fault.NotFound)
	h.wantKind("a role that is none", h.SetRole(ctx, h.actor(ada), bob, "nobody"), fault.Invalid, "role:")
	h.wantKind("a stranger's removal", h.Remove(ctx, h.actor(ada), 99), fault.NotFound)
	if err := h.Leave(ctx, was); err != nil {
		t.Errorf("who has left leaves: %v", err)
	}
	page, err := h.Events(ctx, h.actor(ada), 0)
	var log []string
	for _, e := range page.Events {
		log = append(log, fmt.Sprint(e.Kind, " ", e.By, " ", e.Of, " ", e.Role))
	}
	if got := strings.Join(log, ", "); err != nil ||
		got != "removed 1 3 nobody, role_changed 1 2 viewer, joined 3 3 viewer, invited 1 0 viewer, joined 2 2 editor" {
		t.Errorf("log %q, %v", got, err)
	}
	if last, err := h.Events(ctx, h.actor(ada), page.Next); err != nil || len(last.Events) != 2 || last.Next != 0 ||
		last.Events[1].Kind != member.Created {
		t.Errorf("log goes on with %+v, %v", last, err)
	}
}

func TestTwoOwnersLeaveAtOnce(t *testing.T) {
	for range 20 {
		h := newHome(t)
		actors := []ledger.Actor{h.actor(ada), h.join(bob, ledger.Owner)}
		errs := make([]error, len(actors))
		var done sync.WaitGroup
		for i, actor := range actors {
			done.Go(func() { errs[i] = h.Leave(t.Context(), actor) })
		}
		done.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("the two owners left with %v and %v", errs[0], errs[1])
		}
	}
}

func TestALedgerIsDescribed(t *testing.T) {
	h := newHome(t)
	ctx := t.Context()
	saw := member.Seen(h.actor(ada).Ledger)
	described, err := h.Describe(ctx, h.actor(ada), saw, member.Draft{Name: "Home", Currency: "chf", Zone: "Europe/Zurich"})
	if err != nil || described.Name != "Home" || !h.actor(ada).Ledger.Equal(described) {
		t.Errorf("described as %+v, %v", described, err)
	}
	if again, err := h.Describe(ctx, h.actor(ada), saw, member.Draft{Name: "Home", Currency: "CHF", Zone: "Europe/Zurich"}); err != nil ||
		!again.Equal(described) {
		t.Errorf("the same again gave %+v, %v", again, err)
	}
	_, err = h.Describe(ctx, h.actor(ada), saw, member.Draft{Name: "House", Currency: "CHF", Zone: "Europe/Zurich"})
	h.wantKind("a stale change", err, fault.Conflict, "was changed since")
	_, err = h.Describe(ctx, h.actor(ada), saw, member.Draft{Name: "", Currency: "", Zone: "Local"})
	h.wantKind("what is empty", err, fault.Invalid, "name:", "currency:", "zone:")
}

// What the configuration sets of a ledger no owner sets: the next start would set it again.
func TestTheConfigurationDescribesItsLedger(t *testing.T) {
	db := memory.New()
	own, err := db.Ledgers().Define(t.Context(), ledgertest.Ledger(ledger.Default))
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	s := member.NewService(db.Members(), member.Settings{
		Now: time.Now, Configured: ledger.Default, Changed: func(ledger.Ledger) { told++ },
	})
	for range 2 {
		if err := s.Settle(t.Context(), own, ada); err != nil {
			t.Fatal(err)
		}
	}
	actor, err := s.Actor(t.Context(), ada, ledger.Default)
	if err != nil || actor != ledger.LocalOwner(own) || !s.IsConfigured(actor) {
		t.Fatalf("the actor is %+v, %v", actor, err)
	}
	described, err := s.Describe(t.Context(), actor, member.Seen(own), member.Draft{Name: "Home", Currency: "EUR", Zone: "Asia/Tokyo"})
	own.Name = "Home"
	if err != nil || !described.Equal(own) || told != 1 {
		t.Errorf("described as %+v, %v, and told %d times", described, err, told)
	}
	if err := s.Settle(t.Context(), own, bob); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Actor(t.Context(), bob, ledger.Default); !errors.Is(err, fault.NotFound) {
		t.Errorf("a second one was settled in: %v", err)
	}
}
