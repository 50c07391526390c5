// Package totp makes the codes that change with time, as the apps of phones do: six digits of HMAC-SHA-1 every 30 seconds (RFC 6238).
// Every app knows these, and many know no others.
package totp

import (
	"encoding/base32"
	"fmt"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"expense-tracker/core/account"
)

// secretBytes is the size of a secret: 160 bits, that of the hash.
const secretBytes = 20

// issuer is how apps call what the codes are for.
const issuer = "Expense Tracker"

// Codes implements account.Codes. It is safe for concurrent use.
type Codes struct{ random func([]byte) }

var _ account.Codes = Codes{}

// New returns Codes whose secrets are filled by random, so that nobody guesses them.
func New(random func([]byte)) Codes { return Codes{random: random} }

// NewSecret implements account.Codes.
func (c Codes) NewSecret() string {
	secret := make([]byte, secretBytes)
	c.random(secret)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// Code implements account.Codes.
func (c Codes) Code(secret string, step int64) (string, error) {
	if step < 0 {
		return "", fmt.Errorf("no code has the step %d", step)
	}
	code, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return "", fmt.Errorf("code: %w", err)
	}
	return code, nil
}

// Link implements account.Codes.
func (c Codes) Link(secret, name string) (string, error) {
	kept, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return "", fmt.Errorf("secret: %w", err)
	}
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: issuer, AccountName: name, Secret: kept, Period: uint(account.StepLength.Seconds()), Digits: account.CodeDigits,
	})
	if err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	return key.URL(), nil
}
