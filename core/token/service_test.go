package token_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/token"
)

const ada ledger.UserID = 1

// desk is a service whose places and network a test decides on.
type desk struct {
	*token.Service
	t       *testing.T
	db      *memory.DB
	now     time.Time
	role    ledger.Role // of Ada; 0 if she is out
	since   time.Time
	wrong   []string // the networks of what was wrong
	tooMany bool
	later   []func(context.Context)
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, db: memory.New(), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), role: ledger.Owner}
	if _, err := d.db.Accounts().Create(t.Context(), account.Account{User: account.User{Name: "Ada"}, Hash: "x", Generation: 1}); err != nil {
		t.Fatal(err)
	}
	keys := 0
	d.Service = token.NewService(d.db.Tokens(), token.Settings{
		Now: func() time.Time { return d.now }, Random: func(b []byte) { _, _ = rand.Read(b) },
		NewKey: func() idempotency.Key { keys++; return idempotency.Key(fmt.Sprint("key-", keys)) },
		Place: func(_ context.Context, user ledger.UserID, in ledger.ID) (ledger.Actor, time.Time, error) {
			if d.role == 0 {
				return ledger.Actor{}, time.Time{}, fault.New(fault.NotFound, "test", "")
			}
			return ledger.Actor{User: user, Ledger: ledgertest.Ledger(in), Role: d.role}, d.since, nil
		},
		Wrong: func(_ context.Context, network string) error {
			d.wrong = append(d.wrong, network)
			if d.tooMany {
				return fault.New(fault.Throttled, "test", "")
			}
			return nil
		},
		Later: func(name string, work func(context.Context)) {
			if !strings.HasPrefix(name, "token 1/") {
				t.Errorf("the work is called %q", name)
			}
			d.later = append(d.later, work)
		},
	})
	return d
}

func (d *desk) actor() ledger.Actor {
	return ledger.Actor{User: ada, Ledger: ledgertest.Ledger(ledger.Default), Role: d.role}
}

// make makes a token for 30 days.
func (d *desk) make(scope token.Scope) (token.Token, string) {
	d.t.Helper()
	made, secret, err := d.Make(d.t.Context(), d.actor(), "", token.Draft{Name: "Phone", Scope: string(scope), Ends: "30"})
	if err != nil {
		d.t.Fatal(err)
	}
	return made, secret.Text()
}

// wantUse checks as whom a token lets in; kind is Internal for a token that does.
func (d *desk) wantUse(what, brought string, need token.Scope, role ledger.Role, kind fault.Kind) {
	d.t.Helper()
	actor, err := d.Use(d.t.Context(), brought, need, "192.0.2.0")
	switch {
	case kind == fault.Internal && (err != nil || actor.Role != role || actor.User != ada || actor.Ledger.ID != ledger.Default):
		d.t.Errorf("%s: %+v, %v", what, actor, err)
	case kind != fault.Internal && (!errors.Is(err, kind) || actor != ledger.Actor{}):
		d.t.Errorf("%s: %+v, %v; want %v", what, actor, err, kind)
	}
}

func TestATokenHasItsScopeAndNoMoreThanItsMaker(t *testing.T) {
	d := newDesk(t)
	_, reader := d.make(token.Read)
	_, writer := d.make(token.Write)
	const fine = fault.Internal
	d.wantUse("a reader that reads", reader, token.Read, ledger.Viewer, fine)
	d.wantUse("a reader that adds", reader, token.Write, 0, fault.Forbidden)
	d.wantUse("a writer that reads", writer, token.Read, ledger.Editor, fine)
	d.wantUse("a writer that adds", writer, token.Write, ledger.Editor, fine)
	d.role = ledger.Viewer
	d.wantUse("a writer of who only reads by now", writer, token.Write, ledger.Viewer, fine)
	d.role = 0
	d.wantUse("of who is out", writer, token.Read, 0, fault.Unauthenticated)
	d.role, d.since = ledger.Owner, d.now.Add(time.Second)
	d.wantUse("of who came back", writer, token.Read, 0, fault.Unauthenticated)
	if len(d.wrong) != 2 || d.wrong[0] != "192.0.2.0" {
		t.Errorf("counted as wrong: %v", d.wrong)
	}
}

func TestATokenEnds(t *testing.T) {
	d := newDesk(t)
	made, secret := d.make(token.Read)
	d.now = made.Until.Add(-time.Microsecond)
	d.wantUse("on the last day", secret, token.Read, ledger.Viewer, fault.Internal)
	d.now = made.Until
	d.wantUse("after it", secret, token.Read, 0, fault.Unauthenticated)
	d.now = made.At
	if err := d.Revoke(t.Context(), d.actor(), made.ID); err != nil {
		t.Fatal(err)
	}
	d.wantUse("revoked", secret, token.Read, 0, fault.Unauthenticated)

	_, secret = d.make(token.Read)
	setDisabled := func(disabled bool) {
		if _, err := d.db.Accounts().Change(t.Context(), ada, func(a account.Account) (account.Account, error) {
			a.Disabled = disabled
			return a, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	setDisabled(true)
	d.wantUse("of a disabled user", secret, token.Read, 0, fault.Unauthenticated)
	if n, err := d.EndAll(t.Context(), ada); n != 1 || err != nil {
		t.Errorf("ended %d, %v", n, err)
	}
	setDisabled(false)
	d.wantUse("of one who was disabled", secret, token.Read, 0, fault.Unauthenticated)
}

func TestWhatIsNoTokenIsCounted(t *testing.T) {
	d := newDesk(t)
	_, secret := d.make(token.Read)
	wrong := []string{
		"", "et_", "et_1_", secret[1:], secret + "0", strings.ToUpper(secret), strings.Replace(secret, "_1_", "_2_", 1),
		strings.Replace(secret, "_1_", "_01_", 1), strings.Replace(secret, "_1_", "_-1_", 1), "et_1_" + strings.Repeat("0", 64),
		"et_9223372036854775808_" + secret[5:], " " + secret, strings.Repeat("a", 100000), "et_1_\x00" + secret[6:],
	}
	for _, text := range wrong {
		d.wantUse(fmt.Sprintf("%.40q", text), text, token.Read, 0, fault.Unauthenticated)
	}
	if len(d.wrong) != len(wrong) {
		t.Errorf("%d of %d were counted", len(d.wrong), len(wrong))
	}
	d.tooMany = true
	d.wantUse("too many", "et_1_", token.Read, 0, fault.Throttled)
	d.wantUse("a right one meanwhile", secret, token.Read, ledger.Viewer, fault.Internal)
}

func TestUseIsWrittenDownOnceAMinute(t *testing.T) {
	d := newDesk(t)
	made, secret := d.make(token.Write)
	d.wantUse("used", secret, token.Write, ledger.Editor, fault.Internal)
	if len(d.later) != 1 {
		t.Fatalf("%d uses are to be written down", len(d.later))
	}
	d.later[0](t.Context())
	all, err := d.List(t.Context(), d.actor())
	if err != nil || !all[0].Used.Equal(d.now) {
		t.Errorf("used %v, %v", all, err)
	}
	d.now = d.now.Add(59 * time.Second)
	d.wantUse("within the minute", secret, token.Write, ledger.Editor, fault.Internal)
	d.now = d.now.Add(time.Second)
	d.wantUse("after it", secret, token.Write, ledger.Editor, fault.Internal)
	if len(d.later) != 2 || made.ID != 1 {
		t.Errorf("%d uses are to be written down", len(d.later))
	}
}

func TestASecretIsShownByItsMakerAlone(t *testing.T) {
	d := newDesk(t)
	_, secret, err := d.Make(t.Context(), d.actor(), "k", token.Draft{Name: "Phone", Scope: "read", Ends: "90"})
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^et_1_[0-9a-f]{64}$`).MatchString(secret.Text()) {
		t.Errorf("it is %s", secret.Text())
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if said := fmt.Sprintf(verb, secret); strings.Contains(said, secret.Text()[5:]) || said != "[token]" {
			t.Errorf("%s prints %s", verb, said)
		}
	}
	_, _, err = d.Make(t.Context(), d.actor(), "k", token.Draft{Name: "Phone", Scope: "read", Ends: "90"})
	if !errors.Is(err, fault.Conflict) {
		t.Errorf("the form again: %v", err)
	}
}

func TestADraftIsUnderstoodWholeOrNotAtAll(t *testing.T) {
	d := newDesk(t)
	for name, tt := range map[string]struct {
		draft  token.Draft
		fields string
	}{
		"nothing":           {token.Draft{}, "name scope ends "},
		"unknown":           {token.Draft{Name: "x", Scope: "admin", Ends: "0"}, "scope ends "},
		"for ever":          {token.Draft{Name: "x", Scope: "read", Ends: "never"}, "ends "},
		"no day":            {token.Draft{Name: "x", Scope: "read", Ends: "day"}, "until "},
		"yesterday":         {token.Draft{Name: "x", Scope: "read", Ends: "day", Until: "2026-11-22"}, "until "},
		"in more than that": {token.Draft{Name: "x", Scope: "read", Ends: "day", Until: "2027-11-24"}, "until "},
		"too long":          {token.Draft{Name: strings.Repeat("x", 61), Scope: "read", Ends: "30"}, "name "},
		"no text":           {token.Draft{Name: "a\x00", Scope: "read", Ends: "30"}, "name "},
	} {
		_, _, err := d.Make(t.Context(), d.actor(), "", tt.draft)
		fields := ""
		for _, v := range fault.ViolationsOf(err) {
			fields += v.Field + " "
		}
		if !errors.Is(err, fault.Invalid) || fields != tt.fields {
			t.Errorf("%s: %v", name, err)
		}
	}
	for day, want := range map[string]string{"2026-11-23": "2026-11-24", "2027-11-23": "2027-11-24"} {
		made, _, err := d.Make(t.Context(), d.actor(), "", token.Draft{Name: "x", Scope: "read", Ends: "day", Until: day})
		if err != nil || made.Until.Format(time.DateOnly) != want {
			t.Errorf("until %s it ends %s, %v", day, made.Until, err)
		}
	}
	if all, err := d.List(t.Context(), d.actor()); len(all) != 2 || err != nil {
		t.Errorf("there are %d, %v", len(all), err)
	}
}

// The day after its last one begins at 01:00 there, since clocks go forward at midnight.
func TestATokenWorksToTheEndOfItsLastDay(t *testing.T) {
	d := newDesk(t)
	santiago, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	d.now = time.Date(2026, time.September, 5, 23, 30, 0, 0, santiago)
	actor := d.actor()
	actor.Ledger.Zone = santiago
	made, _, err := d.Make(t.Context(), actor, "", token.Draft{Name: "x", Scope: "read", Ends: "day", Until: "2026-09-05"})
	if err != nil || !made.IsLive(d.now) {
		t.Errorf("half an hour before the end of its last day a token has ended at %s, %v", made.Until, err)
	}
}

func TestEveryUseCaseChecksTheRole(t *testing.T) {
	d := newDesk(t)
	made, _ := d.make(token.Write)
	bob := ledger.Actor{User: 2, Ledger: ledgertest.Ledger(ledger.Default)}
	draft := token.Draft{Name: "x", Scope: "read", Ends: "30"}
	refused := map[string]error{}
	_, _, refused["Make"] = d.Make(t.Context(), bob, "", draft)
	_, refused["List"] = d.List(t.Context(), bob)
	refused["Revoke"] = d.Revoke(t.Context(), bob, made.ID)
	bob.Role = ledger.Viewer
	draft.Scope = "write"
	_, _, refused["Make to write, by a viewer"] = d.Make(t.Context(), bob, "", draft)
	for what, err := range refused {
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", what, err)
		}
	}
	bob.Role = ledger.Editor
	if err := d.Revoke(t.Context(), bob, made.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("an editor revokes another's: %v", err)
	}
	if all, err := d.List(t.Context(), bob); len(all) != 0 || err != nil {
		t.Errorf("an editor sees %v, %v", all, err)
	}
	bob.Role = ledger.Owner
	if all, err := d.List(t.Context(), bob); len(all) != 1 || err != nil {
		t.Errorf("an owner sees %v, %v", all, err)
	}
	if err := d.Revoke(t.Context(), bob, made.ID); err != nil {
		t.Errorf("an owner revokes another's: %v", err)
	}
}
