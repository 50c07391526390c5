// Package idempotency tells a repeated request from a new one: by the key that it brings, and by a fingerprint of what it asks for.
package idempotency

import (
	"crypto/sha256"
	"strings"

	"expense-tracker/core/fault"
)

// MaxKey is the length of the longest key, in bytes.
const MaxKey = 128

// Key names a request: those of one ledger that carry the same key store one row.
type Key string

// ParseKey takes 1 to MaxKey visible ASCII characters.
func ParseKey(s string) (Key, error) {
	if s == "" || len(s) > MaxKey || strings.ContainsFunc(s, func(r rune) bool { return r < '!' || r > '~' }) {
		return "", fault.Refuse("an idempotency key has 1 to %d visible ASCII characters", MaxKey)
	}
	return Key(s), nil
}

// Fingerprint tells whether two requests with one key, or two changes from one revision, have the same content.
type Fingerprint [16]byte

// FingerprintOf digests what was asked for, not what it was resolved to: a retry after midnight that leaves the date open
// is the same request as the first. Parts hold no zero byte.
func FingerprintOf(parts ...string) Fingerprint {
	digest := sha256.New()
	for _, part := range parts {
		digest.Write([]byte(part))
		digest.Write([]byte{0}) // no part contains it, so no two lists run together
	}
	return Fingerprint(digest.Sum(nil)[:16])
}
