package accounttest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

const issuer = "https://id.example.org/"

func linkTo(subject string) account.Link {
	return account.Link{Identity: account.Identity{Issuer: issuer, Subject: subject}, Shown: subject + "@example.org", Linked: noon}
}

func (f fixture) link(t *testing.T, user ledger.UserID, subject string) {
	t.Helper()
	if err := f.Link(t.Context(), user, linkTo(subject)); err != nil {
		t.Fatalf("link %s to user %d: %v", subject, user, err)
	}
}

// wantHolder fails unless an identity is a user's; 0 for nobody's.
func (f fixture) wantHolder(t *testing.T, subject string, want ledger.UserID) {
	t.Helper()
	found, err := f.ByIdentity(t.Context(), linkTo(subject).Identity)
	if want == 0 {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s is user %d, %v", subject, found.ID, err)
		}
		return
	}
	if err != nil || found.ID != want {
		t.Errorf("%s is user %d, %v, want %d", subject, found.ID, err, want)
	}
}

func wantConflict(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, fault.Conflict) {
		t.Errorf("%s: %v, want a conflict", what, err)
	}
}

func testIdentities(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	f.create(t, "Ben")
	f.wantHolder(t, "a", 0)
	if _, err := f.LinkOf(ctx, 1, issuer); !errors.Is(err, fault.NotFound) {
		t.Errorf("no link yet: %v", err)
	}
	longest := strings.Repeat("x", 255)
	f.link(t, 1, "a")
	f.link(t, 1, "a") // again
	f.link(t, 2, longest)
	f.wantHolder(t, "a", 1)
	f.wantHolder(t, "A", 0)
	f.wantHolder(t, longest, 2)
	found, err := f.LinkOf(ctx, 1, issuer)
	if err != nil || found.Identity != linkTo("a").Identity || found.Shown != "a@example.org" || !found.Linked.Equal(noon) {
		t.Errorf("the link is %+v, %v", found, err)
	}
	wantConflict(t, "the identity of another user", f.Link(ctx, 2, linkTo("a")))
	wantConflict(t, "a second one of the issuer", f.Link(ctx, 1, linkTo("b")))
	elsewhere := linkTo("a")
	elsewhere.Issuer = strings.TrimSuffix(issuer, "/") // the slash counts
	if _, err := f.ByIdentity(ctx, elsewhere.Identity); !errors.Is(err, fault.NotFound) {
		t.Errorf("the same subject of another issuer: %v", err)
	}
	if err := f.Link(ctx, 2, elsewhere); err != nil {
		t.Errorf("link another issuer's: %v", err)
	}
	if err := f.Link(ctx, 9, linkTo("z")); !errors.Is(err, fault.NotFound) {
		t.Errorf("link nobody: %v", err)
	}
	f.wantHolder(t, "b", 0)
	f.wantHolder(t, "z", 0)
}

func testCreateLinked(t *testing.T, f fixture) {
	ctx := t.Context()
	if _, err := f.Offer(ctx, digest("code"), noon); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]bool{"code": true, "Code": false} {
		if is, err := f.IsOffered(ctx, digest(code)); is != want || err != nil {
			t.Errorf("%s is offered: %t, %v", code, is, err)
		}
	}
	if _, err := f.CreateFirstLinked(ctx, digest("wrong"), someone("Anna"), linkTo("a")); !errors.Is(err, fault.Invalid) {
		t.Errorf("a wrong code: %v", err)
	}
	f.wantHolder(t, "a", 0)
	for range 2 { // and a repeat
		if made, err := f.CreateFirstLinked(ctx, digest("code"), someone("Anna"), linkTo("a")); err != nil || made.ID != 1 {
			t.Fatalf("the first: %+v, %v", made, err)
		}
	}
	if is, err := f.IsOffered(ctx, digest("code")); is || err != nil {
		t.Errorf("the code counts still: %t, %v", is, err)
	}
	_, err := f.CreateFirstLinked(ctx, digest("code"), someone("Mallory"), linkTo("m"))
	wantConflict(t, "a second first one", err)
	f.wantHolder(t, "m", 0)
	for range 2 {
		if made, err := f.CreateLinked(ctx, someone("Ben"), linkTo("b")); err != nil || made.ID != 2 { // a repeat is told once
			t.Fatalf("another: %+v, %v", made, err)
		}
	}
	_, err = f.CreateLinked(ctx, someone("anna"), linkTo("c"))
	wantConflict(t, "a name that is taken", err)
	f.wantHolder(t, "c", 0)
	_, err = f.CreateLinked(ctx, someone("Carla"), linkTo("b"))
	wantConflict(t, "an identity that is taken", err)
	if all, err := f.All(ctx); len(all) != 2 || err != nil {
		t.Errorf("users %v, %v", all, err)
	}
	f.wantHolder(t, "a", 1)
	f.wantHolder(t, "b", 2)
}

// wantLast checks what happened last to any account.
func (f fixture) wantLast(t *testing.T, kind account.EventKind, at time.Time) {
	t.Helper()
	events, err := f.Events(t.Context(), account.Query{Limit: 1})
	if err != nil || len(events) != 1 || events[0].Kind != kind || !events[0].At.Equal(at) || events[0].By != events[0].User {
		t.Errorf("what happened last is %+v, %v, want %s at %s", events, err, kind, at)
	}
}

func testUnlink(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	yes := func(account.Account) error { return nil }
	if _, err := f.Unlink(ctx, 1, issuer, noon, yes); !errors.Is(err, fault.NotFound) {
		t.Errorf("nothing to unlink: %v", err)
	}
	f.link(t, 1, "a")
	f.wantLast(t, account.EventLinked, linkTo("a").Linked)
	f.open(t, "token", session(1, 1, noon))
	no := errors.New("no")
	if _, err := f.Unlink(ctx, 1, issuer, noon, func(account.Account) error { return no }); !errors.Is(err, no) {
		t.Errorf("unlinked though it may not: %v", err)
	}
	f.wantHolder(t, "a", 1)
	f.wantSessions(t, 1, "1 ")
	now, err := f.Unlink(ctx, 1, issuer, noon, func(a account.Account) error {
		if a.Name != "Anna" || a.Hash != "hash of Anna" {
			t.Errorf("asked about %+v", a)
		}
		return nil
	})
	if err != nil || now.Generation != 2 || now.Name != "Anna" {
		t.Errorf("unlinked: %+v, %v", now, err)
	}
	f.wantHolder(t, "a", 0)
	f.wantSessions(t, 1, "") // who came in that way is out
	f.wantLast(t, account.EventUnlinked, noon)
	f.link(t, 1, "b")
	f.wantHolder(t, "b", 1)
}

func testExpected(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	f.create(t, "Ben")
	yes := func(account.Account) error { return nil }
	claim := func(email, subject string, may func(account.Account) error) (ledger.UserID, error) {
		found, err := f.Claim(ctx, email, linkTo(subject), may)
		return found.ID, err
	}
	if _, err := claim("ben@example.org", "b", yes); !errors.Is(err, fault.NotFound) {
		t.Errorf("nobody is expected: %v", err)
	}
	for _, email := range []string{"old@example.org", "ben@example.org", "ben@example.org"} {
		if err := f.Expect(ctx, 2, email); err != nil {
			t.Fatal(err)
		}
	}
	wantConflict(t, "the address of another", f.Expect(ctx, 1, "ben@example.org"))
	if err := f.Expect(ctx, 9, "nobody@example.org"); !errors.Is(err, fault.NotFound) {
		t.Errorf("nobody cannot be expected: %v", err)
	}
	if _, err := claim("old@example.org", "b", yes); !errors.Is(err, fault.NotFound) {
		t.Errorf("an address from before: %v", err)
	}
	no := errors.New("no")
	if _, err := claim("ben@example.org", "b", func(account.Account) error { return no }); !errors.Is(err, no) {
		t.Errorf("claimed though it may not: %v", err)
	}
	f.link(t, 1, "a")
	_, err := claim("ben@example.org", "a", yes)
	wantConflict(t, "claimed with another's identity", err)
	f.wantHolder(t, "b", 0)
	if user, err := claim("ben@example.org", "b", yes); user != 2 || err != nil {
		t.Errorf("claimed user %d, %v", user, err)
	}
	f.wantHolder(t, "b", 2)
	if _, err := claim("ben@example.org", "c", yes); !errors.Is(err, fault.NotFound) {
		t.Errorf("claimed twice: %v", err)
	}
}

// An account that is made for an address is there with it, or not at all.
func testCreateExpected(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	for range 2 { // a repeat is told once
		if made, err := f.CreateExpected(ctx, someone("Ben"), "ben@example.org"); err != nil || made.ID != 2 {
			t.Fatalf("%+v, %v", made, err)
		}
	}
	_, err := f.CreateExpected(ctx, someone("Carla"), "ben@example.org")
	wantConflict(t, "the address of another", err)
	_, err = f.CreateExpected(ctx, func() account.Account { a := someone("anna"); a.Hash = "another"; return a }(), "anna@example.org")
	wantConflict(t, "the name of another", err)
	if all, err := f.All(ctx); err != nil || len(all) != 2 {
		t.Errorf("users: %v, %v", all, err)
	}
	if made, err := f.CreateExpected(ctx, someone("Carla"), "anna@example.org"); err != nil || made.ID != 3 {
		t.Errorf("after refused ones: %+v, %v", made, err)
	}
	found, err := f.Claim(ctx, "ben@example.org", linkTo("b"), func(account.Account) error { return nil })
	if err != nil || found.ID != 2 {
		t.Errorf("claimed %+v, %v", found.User, err)
	}
}

func testLinksAtOnce(t *testing.T, f fixture) {
	const many = 8
	for i := range many {
		f.create(t, fmt.Sprint("user ", i))
	}
	if err := f.Expect(t.Context(), 1, "one@example.org"); err != nil {
		t.Fatal(err)
	}
	outcomes := make(chan error, 2*many)
	for i := range many {
		user := ledger.UserID(i + 1)
		go func() { outcomes <- f.Link(t.Context(), user, linkTo("wanted")) }()
		go func() {
			_, err := f.Claim(t.Context(), "one@example.org", linkTo(fmt.Sprint("claims ", i)), func(account.Account) error { return nil })
			outcomes <- err
		}()
	}
	linked := 0
	for range 2 * many {
		switch err := <-outcomes; {
		case err == nil:
			linked++
		case !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.NotFound):
			t.Error(err)
		}
	}
	if linked < 1 || linked > 2 { // one who wanted it, and one who claimed, unless user 1 was both
		t.Errorf("%d were linked", linked)
	}
	if _, err := f.ByIdentity(t.Context(), linkTo("wanted").Identity); err != nil {
		t.Errorf("nobody got it: %v", err)
	}
}

func testAttempts(t *testing.T, f fixture) {
	ctx := t.Context()
	given := account.Attempt{
		Aim: account.AimLink, User: 7, Code: digest("code"), To: "/expenses?from=oldest", Expires: noon.Add(10 * time.Minute),
	}
	begin := func(what string, a account.Attempt, now time.Time) {
		t.Helper()
		if err := f.Depart(ctx, digest(what), a, now); err != nil {
			t.Fatal(err)
		}
	}
	gone := func(what string, now time.Time) {
		t.Helper()
		if a, err := f.Return(ctx, digest(what), now); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %+v, %v", what, a, err)
		}
	}
	gone("never begun", noon)
	begin("one", given, noon)
	begin("one", account.Attempt{Aim: account.AimSignIn, Expires: noon.Add(time.Hour)}, noon) // changes nothing
	got, err := f.Return(ctx, digest("one"), noon.Add(time.Minute))
	if err != nil || !got.Expires.Equal(given.Expires) {
		t.Fatalf("%+v, %v", got, err)
	}
	if got.Expires = given.Expires; got != given {
		t.Errorf("%+v came back, want %+v", got, given)
	}
	gone("one", noon.Add(time.Minute))
	begin("late", given, noon)
	gone("late", given.Expires)
	begin("tidied", given, noon)
	begin("kept", account.Attempt{Aim: account.AimSignIn, To: "/", Expires: given.Expires.Add(time.Minute)}, given.Expires)
	gone("tidied", noon) // the next one's beginning has forgotten it
	const many = 12
	returned := make(chan error, many)
	for range many {
		go func() {
			_, err := f.Return(ctx, digest("kept"), noon)
			returned <- err
		}()
	}
	times := 0
	for range many {
		switch err := <-returned; {
		case err == nil:
			times++
		case !errors.Is(err, fault.NotFound):
			t.Error(err)
		}
	}
	if times != 1 {
		t.Errorf("an attempt came back %d times", times)
	}
}
