package accounttest

import (
	"fmt"
	"sync/atomic"

	"expense-tracker/core/account"
)

// Codes is an account.Codes without cryptography: a code has the number of its secret and of its step.
type Codes struct{ made atomic.Int64 }

var _ account.Codes = (*Codes)(nil)

// NewSecret implements account.Codes.
func (c *Codes) NewSecret() string { return fmt.Sprintf("SECRET%d", c.made.Add(1)) }

// Code implements account.Codes.
func (c *Codes) Code(secret string, step int64) (string, error) {
	var number int64
	if _, err := fmt.Sscanf(secret, "SECRET%d", &number); err != nil {
		return "", fmt.Errorf("secret: %w", err)
	}
	return fmt.Sprintf("%02d%04d", number%100, step%10000), nil
}

// Link implements account.Codes.
func (c *Codes) Link(secret, name string) (string, error) {
	return "otpauth://totp/" + name + "?secret=" + secret, nil
}
