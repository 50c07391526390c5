package passkeys_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"expense-tracker/adapters/passkeys"
	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

const site = "https://example.org"

var anna = account.User{ID: 7, Name: "Anna"}

// made returns a passkey that a device made.
func made(t *testing.T, d *device) account.Passkey {
	t.Helper()
	options, held, err := passkeys.Keys{}.Make(site, anna, nil)
	if err != nil {
		t.Fatal(err)
	}
	passkey, err := passkeys.Keys{}.Made(held, d.make(options))
	if err != nil || string(passkey.Credential) != string(d.id) {
		t.Fatalf("made %+v, %v", passkey, err)
	}
	passkey.ID, passkey.Name = 1, "phone"
	return passkey
}

// use lets a device answer, and returns what the answer is taken for.
func use(t *testing.T, d *device, have ...account.Passkey) (account.Passkey, error) {
	t.Helper()
	options, held, err := passkeys.Keys{}.Use(site)
	if err != nil {
		t.Fatal(err)
	}
	answer := d.use(options)
	user, err := passkeys.Keys{}.UserOf(answer)
	if err != nil {
		return account.Passkey{}, err
	}
	return passkeys.Keys{}.Used(held, answer, user, have)
}

func wantRefused(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, fault.Invalid) {
		t.Errorf("%s: %v", what, err)
	}
}

// record is what is kept of a passkey.
type record struct {
	Flags         map[string]bool `json:"flags"`
	Authenticator struct {
		SignCount uint32 `json:"signCount"`
	} `json:"authenticator"`
}

func TestAPasskeyIsMadeAndUsed(t *testing.T) {
	d := newDevice(t)
	passkey := made(t, d)
	for count := range uint32(3) {
		d.count = 5 + count
		used, err := use(t, d, passkey)
		if err != nil || used.ID != 1 || used.Name != "phone" {
			t.Fatalf("used %+v, %v", used, err)
		}
		var kept record
		if err := json.Unmarshal(used.Record, &kept); err != nil || kept.Authenticator.SignCount != d.count ||
			fmt.Sprint(kept.Flags) != "map[backupEligible:true backupState:false userPresent:true userVerified:true]" {
			t.Errorf("the record is %s, %v", used.Record, err)
		}
		passkey = used
	}
	if user, err := (passkeys.Keys{}).UserOf(d.use([]byte(`{"userVerification": "required"}`))); err != nil || user != 7 {
		t.Errorf("it is of user %d, %v", user, err)
	}
	options, _, err := passkeys.Keys{}.Make(site, anna, []account.Passkey{passkey})
	if err != nil || !strings.Contains(string(options), encoding.EncodeToString(d.id)) {
		t.Errorf("the device is asked for another passkey: %s, %v", options, err)
	}
}

// Each answer that is not quite right is refused.
func TestAWrongAnswerIsRefused(t *testing.T) {
	for what, change := range map[string]func(*device){
		"of another site":                 func(d *device) { d.origin = "https://evil.example" },
		"of the same name without TLS":    func(d *device) { d.origin = "http://example.org" },
		"of another port":                 func(d *device) { d.origin = "https://example.org:8443" },
		"for another site's passkeys":     func(d *device) { d.rp = "evil.example" },
		"of a device without its owner":   func(d *device) { d.flags &^= verified },
		"of a device that nobody touched": func(d *device) { d.flags &^= present },
		"whose kind has changed":          func(d *device) { d.flags &^= eligible },
		"with another key":                func(d *device) { d.key = newDevice(d.t).key },
		"of another passkey":              func(d *device) { d.id = []byte("another") },
		"of another user":                 func(d *device) { d.user = []byte{0, 0, 0, 0, 0, 0, 0, 8} },
		"of no user":                      func(d *device) { d.user = nil },
		"of user 0":                       func(d *device) { d.user = make([]byte, 8) },
		"of a user below zero":            func(d *device) { d.user = []byte{255, 0, 0, 0, 0, 0, 0, 8} },
		"of a copy":                       func(d *device) { d.count = 5 },
	} {
		d := newDevice(t)
		d.count = 5
		passkey := made(t, d)
		d.count = 6
		change(d)
		_, err := use(t, d, passkey)
		if what == "of another user" { // whose passkeys are others
			_, err = use(t, d)
		}
		wantRefused(t, what, err)
	}
}

func TestAnAnswerToAnotherChallengeIsRefused(t *testing.T) {
	d := newDevice(t)
	passkey := made(t, d)
	first, held, err := passkeys.Keys{}.Use(site)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := passkeys.Keys{}.Use(site)
	if err != nil {
		t.Fatal(err)
	}
	answer := d.use(first)
	_, err = passkeys.Keys{}.Used(other, answer, anna.ID, []account.Passkey{passkey})
	wantRefused(t, "another challenge", err)
	for _, nonsense := range []string{"", "{}", "null", "[]", "\x00", `{"id":"a"}`, string(answer[:len(answer)/2])} {
		_, err := passkeys.Keys{}.Used(held, []byte(nonsense), anna.ID, []account.Passkey{passkey})
		wantRefused(t, nonsense, err)
		_, err = passkeys.Keys{}.UserOf([]byte(nonsense))
		wantRefused(t, nonsense, err)
		_, err = passkeys.Keys{}.Made(held, []byte(nonsense))
		wantRefused(t, nonsense, err)
	}
	_, err = passkeys.Keys{}.Used(held, answer, ledger.UserID(8), []account.Passkey{passkey})
	wantRefused(t, "the passkey of another user", err)
	if _, err = (passkeys.Keys{}).Used(held, answer, anna.ID, []account.Passkey{passkey}); err != nil {
		t.Errorf("the right answer: %v", err)
	}
}

func TestANewPasskeyIsCheckedToo(t *testing.T) {
	for what, change := range map[string]func(*device){
		"of another site":               func(d *device) { d.origin = "https://evil.example" },
		"for another site's passkeys":   func(d *device) { d.rp = "evil.example" },
		"of a device without its owner": func(d *device) { d.flags &^= verified },
	} {
		d := newDevice(t)
		change(d)
		options, held, err := passkeys.Keys{}.Make(site, anna, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = passkeys.Keys{}.Made(held, d.make(options))
		wantRefused(t, what, err)
	}
	if _, _, err := (passkeys.Keys{}).Use("https://192.0.2.1"); err == nil {
		t.Error("an address is taken for a name")
	}
}
