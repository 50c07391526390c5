package accounttest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

func testEmpty(t *testing.T, f fixture) {
	ctx := t.Context()
	if done, err := f.IsSetUp(ctx); done || err != nil {
		t.Errorf("set up: %t, %v", done, err)
	}
	if all, err := f.All(ctx); len(all) != 0 || err != nil {
		t.Errorf("users %v, %v", all, err)
	}
	for what, err := range map[string]error{
		"by name": second(f.ByName(ctx, "anna")), "by ID": second(f.ByID(ctx, 1)), "by ID 0": second(f.ByID(ctx, 0)),
		"change":  second(f.Change(ctx, 1, func(a account.Account) (account.Account, error) { return a, nil })),
		"session": second(f.Find(ctx, digest("token"))), "end": f.End(ctx, 1, 1),
	} {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n, err := f.EndAll(ctx, 1, 0); n != 0 || err != nil {
		t.Errorf("end all: %d, %v", n, err)
	}
	if err := errors.Join(f.Touch(ctx, digest("token"), noon, ""), f.Tidy(ctx, noon, noon), f.Forget(ctx, digest("x"))); err != nil {
		t.Error(err)
	}
	f.wantSessions(t, 1, "")
}

func second[T any](_ T, err error) error { return err }

func testRoundTrip(t *testing.T, f fixture) {
	ctx := t.Context()
	longest := strings.Repeat("Ĳ", account.MaxName)
	for i, name := range []string{"Anna", "O'Brien \"the\" <b>", longest, "日本語", "a"} {
		given := someone(name)
		given.Admin, given.Disabled, given.Language, given.Generation = i == 0, i == 1, "de", i+1
		made, err := f.Create(ctx, given)
		if err != nil {
			t.Fatal(err)
		}
		given.ID = ledger.UserID(i + 1)
		if show(made) != show(given.User) {
			t.Errorf("created %s, want %s", show(made), show(given.User))
		}
		for how, found := range map[string]func() (account.Account, error){
			"by name": func() (account.Account, error) { return f.ByName(ctx, account.Folded(name)) },
			"by ID":   func() (account.Account, error) { return f.ByID(ctx, made.ID) },
		} {
			got, err := found()
			if err != nil || show(got.User) != show(given.User) || got.Hash != given.Hash || got.Generation != given.Generation {
				t.Errorf("%s: %s, %+v, %v", how, show(got.User), got, err)
			}
		}
	}
	names, err := f.Names(ctx, []ledger.UserID{3, 99, 1, 3, 0})
	if err != nil || len(names) != 2 || names[1] != "Anna" || names[3] != longest {
		t.Errorf("names: %v, %v", names, err)
	}
	if names, err := f.Names(ctx, nil); err != nil || len(names) != 0 {
		t.Errorf("nobody's names: %v, %v", names, err)
	}
	all, err := f.All(ctx)
	if err != nil || len(all) != 5 || all[0].Name != "Anna" || all[4].Name != "a" || all[2].ID != 3 {
		t.Errorf("all: %v, %v", all, err)
	}
	if done, err := f.IsSetUp(ctx); !done || err != nil {
		t.Errorf("set up: %t, %v", done, err)
	}
}

func testNames(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "José")
	f.create(t, "Anna")
	for _, taken := range []string{"José", "JOSÉ", "jose"} {
		other := someone(taken)
		other.Hash = "another"
		if _, err := f.Create(ctx, other); !errors.Is(err, fault.Conflict) || len(fault.ViolationsOf(err)) != 1 {
			t.Errorf("create %s: %v", taken, err)
		}
	}
	again, err := f.Create(ctx, someone("José"))
	if err != nil || again.ID != 1 {
		t.Errorf("the same once more: %s, %v", show(again), err)
	}
	if next := f.create(t, "Zoë"); next.ID != 3 {
		t.Errorf("after refused ones comes user %d, want 3", next.ID)
	}
	_, err = f.Change(ctx, 2, func(a account.Account) (account.Account, error) { a.Name = "Jose"; return a, nil })
	if !errors.Is(err, fault.Conflict) || len(fault.ViolationsOf(err)) != 1 {
		t.Errorf("rename to a name that is taken: %v", err)
	}
	f.change(t, 1, func(a *account.Account) { a.Name = "JOSE" }) // one's own
	f.change(t, 1, func(a *account.Account) { a.Name = "Pepe" })
	f.change(t, 2, func(a *account.Account) { a.Name = "José" }) // is free now
	if found, err := f.ByName(ctx, "jose"); err != nil || found.ID != 2 {
		t.Errorf("jose is user %d, %v", found.ID, err)
	}
	if _, err := f.ByName(ctx, "anna"); !errors.Is(err, fault.NotFound) {
		t.Errorf("the name before: %v", err)
	}
}

func testChange(t *testing.T, f fixture) {
	ctx := t.Context()
	made := f.create(t, "Anna")
	now := f.change(t, 1, func(a *account.Account) {
		if show(a.User) != show(made) || a.Hash != "hash of Anna" || a.Generation != 1 {
			t.Errorf("revise gets %+v", a)
		}
		a.Language, a.Admin, a.Disabled, a.Hash = "de", true, true, "other"
		a.Generation++
		a.ID, a.Created = 7, a.Created.AddDate(1, 0, 0) // are the storage's
	})
	if want := `1 "Anna" "de" admin=true disabled=true 2026-11-24T12:00:00.123456Z`; show(now.User) != want {
		t.Errorf("changed to %s, want %s", show(now.User), want)
	}
	if stored, err := f.ByID(ctx, 1); err != nil || show(stored.User) != show(now.User) || stored.Hash != "other" || stored.Generation != 2 {
		t.Errorf("stored %+v, %v", stored, err)
	}
	refused := errors.New("refused")
	_, err := f.Change(ctx, 1, func(a account.Account) (account.Account, error) { a.Name = "x"; return a, refused })
	if !errors.Is(err, refused) {
		t.Errorf("a change that revise refuses: %v", err)
	}
	if stored, err := f.ByID(ctx, 1); err != nil || stored.Name != "Anna" {
		t.Errorf("after a refused change: %+v, %v", stored, err)
	}
}

func testChangesAtOnce(t *testing.T, f fixture) {
	f.create(t, "Anna")
	const many = 20
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			_, err := f.Change(t.Context(), 1, func(a account.Account) (account.Account, error) { a.Generation++; return a, nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if now, err := f.ByID(t.Context(), 1); err != nil || now.Generation != many+1 {
		t.Errorf("generation %d, %v, want %d", now.Generation, err, many+1)
	}
}

func testSetup(t *testing.T, f fixture) {
	ctx := t.Context()
	offer := func(code string) bool {
		t.Helper()
		open, err := f.Offer(ctx, digest(code), noon)
		if err != nil {
			t.Fatal(err)
		}
		return open
	}
	if !offer("one") || !offer("other") || !offer("one") {
		t.Error("the set-up is not open")
	}
	if _, err := f.CreateFirst(ctx, digest("wrong"), someone("Anna")); !errors.Is(err, fault.Invalid) || len(fault.ViolationsOf(err)) != 1 {
		t.Errorf("a wrong code: %v", err)
	}
	if done, err := f.IsSetUp(ctx); done || err != nil {
		t.Errorf("after a wrong code: set up %t, %v", done, err)
	}
	first, err := f.CreateFirst(ctx, digest("one"), someone("Anna"))
	if err != nil || first.ID != 1 {
		t.Errorf("with a code: %s, %v", show(first), err)
	}
	for _, code := range []account.Digest{digest("one"), digest("other"), {}} {
		if _, err := f.CreateFirst(ctx, code, someone("Mallory")); !errors.Is(err, fault.Conflict) {
			t.Errorf("a second time: %v", err)
		}
	}
	if again, err := f.CreateFirst(ctx, digest("one"), someone("Anna")); err != nil || show(again) != show(first) {
		t.Errorf("the very same again: %s, %v", show(again), err)
	}
	if offer("late") {
		t.Error("a code is offered though there is an account")
	}
	if all, err := f.All(ctx); err != nil || len(all) != 1 {
		t.Errorf("users %v, %v", all, err)
	}
}

func testCodes(t *testing.T, f fixture) {
	ctx := t.Context()
	for i := range account.MaxCodes + 2 {
		if open, err := f.Offer(ctx, digest(fmt.Sprint("code ", i)), noon.AddDate(0, 0, i)); !open || err != nil {
			t.Fatal(open, err)
		}
	}
	for _, gone := range []int{0, 1} {
		if _, err := f.CreateFirst(ctx, digest(fmt.Sprint("code ", gone)), someone("Anna")); !errors.Is(err, fault.Invalid) {
			t.Errorf("code %d: %v", gone, err)
		}
	}
	if _, err := f.CreateFirst(ctx, digest("code 2"), someone("Anna")); err != nil {
		t.Error(err)
	}
}

func testSetupAtOnce(t *testing.T, f fixture) {
	if open, err := f.Offer(t.Context(), digest("code"), noon); !open || err != nil {
		t.Fatal(open, err)
	}
	const many = 16
	outcomes := make(chan error, many)
	for i := range many {
		go func() {
			code := digest("code")
			if i%2 == 0 {
				code = account.Digest{} // the operator's password file
			}
			_, err := f.CreateFirst(t.Context(), code, someone(fmt.Sprint("user ", i)))
			outcomes <- err
		}()
	}
	made := 0
	for range many {
		switch err := <-outcomes; {
		case err == nil:
			made++
		case !errors.Is(err, fault.Conflict):
			t.Error(err)
		}
	}
	if all, err := f.All(t.Context()); made != 1 || err != nil || len(all) != 1 || all[0].ID != 1 {
		t.Errorf("%d were made; the users are %v, %v", made, all, err)
	}
}
