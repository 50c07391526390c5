package account_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

func from(n int) account.Client { return account.Client{Address: fmt.Sprint("192.0.2.", n)} }

// flood uses up what a name has, from many addresses.
func (h *house) flood(name string) {
	h.t.Helper()
	for i := range 101 {
		if _, err := h.SignIn(h.t.Context(), name, other, from(i)); errors.Is(err, fault.Throttled) {
			return
		}
	}
	h.t.Fatal("the flood is not throttled")
}

// A flood from many addresses locks nobody out who has signed in from a browser before.
func TestAFloodKeepsNoKnownBrowserOut(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	h.add("Ben")
	anna, ben := h.signIn("Anna", right), h.signIn("Ben", right)
	h.flood("Anna")
	_, err := h.SignIn(t.Context(), "Anna", right, from(200))
	h.wantKind("an unknown browser", err, fault.Throttled)
	known := func(device string) account.Client { return account.Client{Address: "192.0.2.1", Device: device} }
	again, err := h.SignIn(t.Context(), "Anna", right, known(anna.Device))
	if err != nil {
		t.Fatalf("a known browser: %v", err)
	}
	// Its right password is no help to those who try.
	_, err = h.SignIn(t.Context(), "Anna", other, from(201))
	h.wantKind("the flood after that", err, fault.Throttled)
	// No other's device and none that is made up is one.
	for _, no := range []string{ben.Device, anna.Device[1:], anna.Device + "0", "0" + anna.Device[1:], ".", "x", anna.Token} {
		_, err = h.SignIn(t.Context(), "Anna", right, known(no))
		h.wantKind("with "+no, err, fault.Throttled)
	}
	// What a device may try is bounded, too, and another's tries do not count for it.
	for i := range 10 {
		_, err = h.SignIn(t.Context(), "Anna", other, known(anna.Device))
		h.wantKind(fmt.Sprint("try ", i), err, fault.Unauthenticated)
	}
	_, err = h.SignIn(t.Context(), "Anna", right, known(anna.Device))
	h.wantKind("a try too many", err, fault.Throttled)
	if again, err = h.SignIn(t.Context(), "Anna", right, known(again.Device)); err != nil {
		t.Errorf("another device: %v", err)
	}
	// Who is signed in changes the password whatever others do, and then the devices of before are strangers.
	changed, err := h.ChangePassword(t.Context(), again.Signed, right, other, from(7))
	if err != nil {
		t.Fatalf("changing the password: %v", err)
	}
	_, err = h.SignIn(t.Context(), "Anna", other, known(again.Device))
	h.wantKind("a device of the old password", err, fault.Throttled)
	if _, err := h.SignIn(t.Context(), "Anna", other, known(changed.Device)); err != nil {
		t.Errorf("the device of the new one: %v", err)
	}
}

// A device of a disabled user is told what every stranger is.
func TestADeviceOfADisabledUserLetsNobodyIn(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	anna := h.signIn("Anna", right)
	h.relieve()
	if _, err := h.Disable(t.Context(), "Anna"); err != nil {
		t.Fatal(err)
	}
	_, err := h.SignIn(t.Context(), "Anna", right, account.Client{Device: anna.Device})
	h.wantKind("a disabled user", err, fault.Unauthenticated)
	_, err = h.Authenticate(t.Context(), anna.Device, here)
	h.wantKind("a device as a token", err, fault.Unauthenticated)
}

// A session that was opened while the clock was years ahead ends when it is set right, and not years later. Two instances whose clocks
// differ a little share their sessions.
func TestASessionOfAWrongClockIsOver(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	right := h.now
	h.now = right.AddDate(10, 0, 0)
	ahead := h.signIn("Anna", "seven quiet herons wade")
	h.now = right.Add(time.Minute)
	near := h.signIn("Anna", "seven quiet herons wade")
	h.now = right
	h.wantOver("one of a wrong clock", ahead.Token)
	if _, err := h.Authenticate(t.Context(), near.Token, here); err != nil {
		t.Errorf("one of an instance whose clock is a minute ahead: %v", err)
	}
	if all, err := h.Sessions(t.Context(), near.Signed); err != nil || len(all) != 1 {
		t.Errorf("%d sessions are listed, %v", len(all), err)
	}
}
