package totp_test

import (
	"net/url"
	"strings"
	"testing"

	"expense-tracker/adapters/totp"
)

func counting(b []byte) {
	for i := range b {
		b[i] = byte(i)
	}
}

// The codes are those that RFC 6238 lists, to six digits, for the secret 12345678901234567890.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	codes := totp.New(counting)
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got, err := codes.Code(secret, seconds/30); got != want || err != nil {
			t.Errorf("at %d the code is %s, %v, want %s", seconds, got, err, want)
		}
	}
	for _, wrong := range []string{"", "1", "not base32!"} {
		if code, err := codes.Code(wrong, 1); err == nil && wrong != "" {
			t.Errorf("%q has the code %s", wrong, code)
		}
	}
	if _, err := codes.Code(secret, -1); err == nil {
		t.Error("a step below zero has a code")
	}
}

func TestAnAppTakesTheSecretOver(t *testing.T) {
	codes := totp.New(counting)
	secret := codes.NewSecret()
	if len(secret) != 32 || strings.ContainsAny(secret, "=018") {
		t.Errorf("the secret is %q", secret)
	}
	link, err := codes.Link(secret, "Anna & Söhne/?")
	if err != nil {
		t.Fatal(err)
	}
	read, err := url.Parse(link)
	if err != nil || read.Scheme != "otpauth" || read.Host != "totp" || read.Path != "/Expense Tracker:Anna & Söhne/?" {
		t.Errorf("the link is %s, %v", link, err)
	}
	for name, want := range map[string]string{
		"secret": secret, "issuer": "Expense Tracker", "period": "30", "digits": "6", "algorithm": "SHA1",
	} {
		if got := read.Query().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
