package expense

import (
	"crypto/sha256"
	"strings"

	"expense-tracker/core/fault"
)

// MaxKey is the length of the longest idempotency key, in bytes.
const MaxKey = 128

// Key is an idempotency key: adds of one ledger that carry the same key store one expense.
type Key string

// ParseKey takes 1 to MaxKey visible ASCII characters.
func ParseKey(s string) (Key, error) {
	if s == "" || len(s) > MaxKey || strings.ContainsFunc(s, func(r rune) bool { return r < '!' || r > '~' }) {
		return "", fault.Refuse("an idempotency key has 1 to %d visible ASCII characters", MaxKey)
	}
	return Key(s), nil
}

// Fingerprint tells whether two adds with one key, or two changes from one revision, have the same content.
type Fingerprint [16]byte

// fingerprintOf digests what was asked for, not what it was resolved to: a retry after midnight that leaves the date open
// is the same request as the first.
func fingerprintOf(parts ...string) Fingerprint {
	digest := sha256.New()
	for _, part := range parts {
		digest.Write([]byte(part))
		digest.Write([]byte{0}) // no part contains it, so no two lists run together
	}
	return Fingerprint(digest.Sum(nil)[:16])
}
