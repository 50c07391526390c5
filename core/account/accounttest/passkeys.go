package accounttest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"expense-tracker/core/account"
)

func showPasskeys(all []account.Passkey) (shown string) {
	for _, p := range all {
		shown += fmt.Sprintf("%d %q %x %x %s %s; ", p.ID, p.Name, p.Credential, p.Record, p.Added.UTC().Format(time.RFC3339Nano),
			p.Used.UTC().Format(time.RFC3339Nano))
	}
	return shown
}

func (f fixture) wantPasskeys(t *testing.T, what string, want ...account.Passkey) {
	t.Helper()
	for how, get := range map[string]func() (account.Account, error){
		"by ID":   func() (account.Account, error) { return f.ByID(t.Context(), 1) },
		"by name": func() (account.Account, error) { return f.ByName(t.Context(), "anna") },
	} {
		if found, err := get(); err != nil || showPasskeys(found.Passkeys) != showPasskeys(want) {
			t.Errorf("%s, %s: %s, %v, want %s", what, how, showPasskeys(found.Passkeys), err, showPasskeys(want))
		}
	}
}

func testPasskeys(t *testing.T, f fixture) {
	first := account.Passkey{ID: 1<<53 - 1, Credential: []byte("\x00\xff"), Name: "Anna's phone", Record: []byte("{}\x00"), Added: noon}
	later := account.Passkey{ID: 2, Credential: []byte("b"), Name: "日本語", Record: []byte("r"), Added: noon.Add(time.Second), Used: noon}
	given := someone("Anna")
	given.Passkeys = []account.Passkey{first}
	if _, err := f.Create(t.Context(), given); err != nil {
		t.Fatal(err)
	}
	f.create(t, "Ben")
	f.wantPasskeys(t, "they are set by Change alone")
	set := func(all ...account.Passkey) {
		t.Helper()
		now := f.change(t, 1, func(a *account.Account) { a.Passkeys = all })
		if showPasskeys(now.Passkeys) != showPasskeys(all) {
			t.Errorf("changed to %s, want %s", showPasskeys(now.Passkeys), showPasskeys(all))
		}
		f.wantPasskeys(t, "changed", all...)
		f.change(t, 1, func(a *account.Account) { a.Generation++ })
		f.wantPasskeys(t, "after another change", all...)
	}
	set(first)
	set(first, later)
	used := first
	used.Record, used.Used, used.Name = []byte("other"), noon.Add(time.Hour), "a phone"
	set(used, later)
	if _, err := f.Change(t.Context(), 2, func(a account.Account) (account.Account, error) {
		if len(a.Passkeys) != 0 {
			t.Errorf("another user has %s", showPasskeys(a.Passkeys))
		}
		a.Passkeys = []account.Passkey{first} // the same number and name: they are another user's
		return a, nil
	}); err != nil {
		t.Fatal(err)
	}
	f.wantPasskeys(t, "after another user's", used, later)
	refused := errors.New("refused")
	_, err := f.Change(t.Context(), 1, func(a account.Account) (account.Account, error) { a.Passkeys = nil; return a, refused })
	if !errors.Is(err, refused) {
		t.Errorf("a change that revise refuses: %v", err)
	}
	f.wantPasskeys(t, "after a refused change", used, later)
	set(later)
	set()
}

// Of many that note one use of a passkey one does: the others see that its record is another.
func testPasskeyAtOnce(t *testing.T, f fixture) {
	f.create(t, "Anna")
	before := account.Passkey{ID: 1, Credential: []byte("c"), Name: "phone", Record: []byte("0"), Added: noon}
	f.change(t, 1, func(a *account.Account) { a.Passkeys = []account.Passkey{before} })
	const many = 12
	stale := errors.New("stale")
	outcomes := make(chan error, many)
	for i := range many {
		go func() {
			_, err := f.Change(t.Context(), 1, func(a account.Account) (account.Account, error) {
				if !a.Passkeys[0].Equal(before) {
					return a, stale
				}
				a.Passkeys = slices.Clone(a.Passkeys)
				a.Passkeys[0].Record = fmt.Append(nil, "used by ", i)
				return a, nil
			})
			outcomes <- err
		}()
	}
	used := 0
	for range many {
		switch err := <-outcomes; {
		case err == nil:
			used++
		case !errors.Is(err, stale):
			t.Error(err)
		}
	}
	if used != 1 {
		t.Errorf("it was used %d times", used)
	}
}
