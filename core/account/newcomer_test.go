package account_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// door stands for the invitations: each of the links that it has lets one user in.
type door struct {
	mu     sync.Mutex
	used   map[string]ledger.UserID
	fail   error // of the next Accept, before anything is done
	broken error // of the next Accept, once it is done

	meanwhile func() // happens before the next Look says anything
}

func newDoor() *door { return &door{used: map[string]ledger.UserID{"open": 0, "another": 0}} }

func (d *door) Look(_ context.Context, user ledger.UserID, link string) error {
	d.mu.Lock()
	meanwhile := d.meanwhile
	d.meanwhile = nil
	d.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch by, known := d.used[link]; {
	case !known:
		return fault.New(fault.NotFound, "door.Look", "there is no such invitation; check that the link is whole")
	case by != 0 && by != user:
		return fault.New(fault.Conflict, "door.Look", "this invitation has been used; ask for another")
	}
	return nil
}

func (d *door) Accept(ctx context.Context, user ledger.UserID, link string) error {
	if err := d.Look(ctx, user, link); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	fail, broken := d.fail, d.broken
	d.fail, d.broken = nil, nil
	if fail != nil {
		return fail
	}
	if by := d.used[link]; by != 0 && by != user {
		return fault.New(fault.Conflict, "door.Accept", "this invitation has been used; ask for another")
	}
	d.used[link] = user
	return broken
}

func (h *house) join(link, name, password string) (account.Opened, error) {
	h.t.Helper()
	return h.Join(h.t.Context(), link, account.Draft{Name: name, Password: password}, here)
}

// wantUsable checks which accounts can be used, by their names.
func (h *house) wantUsable(want ...string) {
	h.t.Helper()
	all, err := h.List(h.t.Context())
	var usable []string
	for _, user := range all {
		if !user.Disabled {
			usable = append(usable, user.Name)
		}
	}
	if got := strings.Join(usable, ", "); err != nil || got != strings.Join(want, ", ") {
		h.t.Errorf("usable are %s, %v, want %s", got, err, strings.Join(want, ", "))
	}
}

func TestAnInvitationMakesAnAccount(t *testing.T) {
	h := newHouse(t)
	_, err := h.join("open", "Ben", right)
	h.wantKind("before the first account", err, fault.Forbidden)
	h.add("Anna")
	for _, wrong := range []account.Draft{{Name: "", Password: right}, {Name: "Ben", Password: "short"}, {Name: "Ben", Password: "ben"}} {
		_, err = h.join("open", wrong.Name, wrong.Password)
		h.wantKind(fmt.Sprint(wrong), err, fault.Invalid)
	}
	_, err = h.join("open", "ANNA", right) // whose password this is
	if fields := fault.ViolationsOf(err); len(fields) != 1 || fields[0].Field != account.FieldName || h.door.used["open"] != 0 {
		t.Errorf("a name that is taken: %v", err)
	}
	opened, err := h.join("open", " Ben ", right)
	if err != nil || opened.User.Name != "Ben" || opened.User.Admin || opened.User.Disabled || h.door.used["open"] != opened.User.ID {
		t.Fatalf("joined as %+v, %v", opened, err)
	}
	if who, err := h.Authenticate(t.Context(), opened.Token, here); err != nil || who.User.Name != "Ben" {
		t.Errorf("the session is of %+v, %v", who, err)
	}
	again, err := h.join("open", "Ben", right)
	if err != nil || again.User.ID != opened.User.ID {
		t.Errorf("the same form again: %+v, %v", again, err)
	}
	_, err = h.join("open", "Ben", other)
	h.wantKind("with another password", err, fault.Conflict)
	h.signIn("Ben", right)
	h.wantUsable("Anna", "Ben")

	events, err := h.OwnEvents(t.Context(), opened.Signed, 0, 100)
	var told []string
	for _, e := range events.Events {
		told = append(told, string(e.Kind))
	}
	if got := strings.Join(told, " "); err != nil || got != "signed_in sign_in_failed signed_in signed_in added" {
		t.Errorf("told %s, %v", got, err)
	}
}

func TestNoInvitationMakesNoAccount(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	h.door.used["used"] = 1
	h.hasher.Err = fault.New(fault.Busy, "test", "") // no password is hashed for nothing
	for link, kind := range map[string]fault.Kind{"made up": fault.NotFound, "": fault.NotFound, "used": fault.Conflict} {
		_, err := h.join(link, "Ben", right)
		h.wantKind(link, err, kind)
	}
	h.wantUsable("Anna")
	var err error
	for range 30 {
		_, err = h.join("made up", "Ben", right)
	}
	h.wantKind("guessing", err, fault.Throttled)
	for range 31 {
		err = h.Invited(t.Context(), "made up", from(9))
	}
	h.wantKind("looking", err, fault.Throttled)
	if err := h.Invited(t.Context(), "open", from(9)); err != nil {
		t.Errorf("a good one from there: %v", err)
	}
}

// Of many who come at once one gets in. The others have no account, and their names are free.
func TestOneOfManyGetsIn(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	var done sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		done.Go(func() {
			_, errs[i] = h.Join(t.Context(), "open", account.Draft{Name: fmt.Sprint("racer ", i), Password: right}, from(i))
		})
	}
	done.Wait()
	in := -1
	for i, err := range errs {
		if err == nil && in < 0 {
			in = i
		} else if !errors.Is(err, fault.Conflict) {
			t.Errorf("racer %d: %v", i, err)
		}
	}
	if in < 0 {
		t.Fatal("nobody got in")
	}
	h.wantUsable("Anna", fmt.Sprint("racer ", in))
	if all, err := h.List(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("there are %v, %v", all, err)
	}
	for i := range errs {
		if i != in {
			_, err := h.SignIn(t.Context(), fmt.Sprint("racer ", i), right, from(i))
			h.wantKind("a loser signs in", err, fault.Unauthenticated)
		}
	}
}

// The same form twice at once is one account, and both answers are sessions of it.
func TestADoubleClickJoinsOnce(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	var done sync.WaitGroup
	for range 5 {
		done.Go(func() {
			if _, err := h.join("open", "Ben", right); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	h.wantUsable("Anna", "Ben")
}

// The second of two clicks is the same account as well if the first gets in while the second asks.
func TestADoubleClickWhileItAsksJoinsOnce(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	var first account.Opened
	h.door.meanwhile = func() {
		var err error
		if first, err = h.join("open", "Ben", right); err != nil {
			t.Error(err)
		}
	}
	second, err := h.join("open", "Ben", right)
	if err != nil || second.User.ID != first.User.ID || first.User.ID == 0 {
		t.Errorf("joined as %+v and %+v, %v", first.User, second.User, err)
	}
	h.wantUsable("Anna", "Ben")
}

// Whatever breaks off leaves nothing that can be used. The same form goes on, be the invitation used up by then or not.
func TestWhatBrokeOffIsTakenUp(t *testing.T) {
	away := fault.New(fault.Unavailable, "test", "")
	for name, breaks := range map[string]func(*door){
		"before": func(d *door) { d.fail = away }, "after": func(d *door) { d.broken = away },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.add("Anna")
			breaks(h.door)
			_, err := h.join("open", "Ben", right)
			h.wantKind("it broke off", err, fault.Unavailable)
			h.wantUsable("Anna")
			_, err = h.SignIn(t.Context(), "Ben", right, here)
			h.wantKind("signing in", err, fault.Unauthenticated)
			if events, err := h.AllEvents(t.Context(), account.Signed{User: account.User{ID: 1, Admin: true}}, 0, 9); err != nil {
				t.Error(err)
			} else if first := events.Events; len(first) != 2 || first[1].Kind != account.EventSetUp {
				t.Errorf("told %+v", first)
			}
			_, err = h.join("another", "Ben", other)
			h.wantKind("somebody else of the name", err, fault.Conflict)
			opened, err := h.join("open", "Ben", right)
			if err != nil || h.door.used["open"] != opened.User.ID {
				t.Fatalf("the same form: %+v, %v", opened, err)
			}
			h.wantUsable("Anna", "Ben")
		})
	}
}

// The name of who never came back is another's after a while.
func TestANameIsNotHeldForEver(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	h.door.broken = fault.New(fault.Unavailable, "test", "")
	_, err := h.join("open", "Ben", right)
	h.wantKind("it broke off", err, fault.Unavailable)
	h.now = h.now.Add(11 * time.Minute)
	_, err = h.join("open", "Ben", other)
	h.wantKind("with an invitation that is used up", err, fault.Conflict)
	opened, err := h.join("another", "Ben", other)
	if err != nil || opened.User.ID == h.door.used["open"] {
		t.Fatalf("%+v, %v", opened, err)
	}
	_, err = h.join("open", "Ben", right)
	h.wantKind("who comes back too late", err, fault.Conflict)
	h.wantUsable("Anna", "Ben")
}

// Who is unknown at the provider's gets in by an invitation, and by nothing else.
func TestAnInvitationLetsInWhoSignsInAtAProvider(t *testing.T) {
	g := newGate(t, account.Policy{})
	g.add("Anna")
	come := func(invitation string, as account.Claims) (account.Finished, error) {
		begun := g.begin()
		state, code := g.provider.Let(begun.Address, as)
		return g.Finish(t.Context(), account.Answer{Browser: begun.Browser, State: state, Code: code,
			Invitation: func(to string) string {
				if to != "/months" {
					t.Errorf("it was on its way to %q", to)
				}
				return invitation
			}}, account.Signed{}, here)
	}
	_, err := come("", person("ben"))
	g.wantKind("without", err, fault.Forbidden)
	_, err = come("made up", person("ben"))
	g.wantKind("with one that is made up", err, fault.NotFound)
	g.wantUsers("Anna")
	g.door.fail = fault.New(fault.Conflict, "test", "this invitation has been used; ask for another")
	_, err = come("open", person("ben"))
	g.wantKind("who loses a race", err, fault.Conflict)
	g.wantUsable("Anna")
	_, err = come("", person("ben"))
	g.wantKind("without, after that", err, fault.Forbidden)
	finished, err := come("open", person("ben"))
	if err != nil || !finished.Joined || finished.User.Name != "ben" || g.door.used["open"] != finished.User.ID {
		t.Fatalf("joined: %+v, %v", finished, err)
	}
	g.wantUsable("Anna", "ben")
	_, err = come("open", person("cyd"))
	g.wantKind("another with the same", err, fault.Conflict)
	again, err := come("another", person("ben"))
	if err != nil || again.Joined || again.User.ID != finished.User.ID || g.door.used["another"] != 0 {
		t.Errorf("who has an account is asked first: %+v, %v", again, err)
	}
	g.wantUsable("Anna", "ben")
}
