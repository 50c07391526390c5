// Package idempotency tells a repeated request from a new one: by the key that it brings, and by a fingerprint of what it asks for.
package idempotency

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"expense-tracker/core/fault"
)

// MaxKey is the length of the longest key, in bytes.
const MaxKey = 128

// Key names a request: those of one ledger that carry the same key store one row.
type Key string

// ParseKey takes 1 to MaxKey visible ASCII characters from somebody outside, who cannot name what the program adds by itself: a Derived
// key is refused.
func ParseKey(s string) (Key, error) {
	if s == "" || len(s) > MaxKey || strings.ContainsFunc(s, func(r rune) bool { return r < '!' || r > '~' }) {
		return "", fault.Refuse("an idempotency key has 1 to %d visible ASCII characters", MaxKey)
	}
	if isDerived(s) {
		return "", fault.Refuse("an idempotency key of the form word:number: is kept for what the program adds by itself")
	}
	return Key(s), nil
}

// Derived returns the key of what a module adds by itself for one of its own rows, such as schedule:7:2026-11-01. It is never one that
// ParseKey takes. The module is a word of small letters, the row above zero.
func Derived(module string, row int64, what string) Key {
	return Key(module + ":" + strconv.FormatInt(row, 10) + ":" + what)
}

// isDerived reports whether a key has the form of a Derived one: it begins with small letters, a colon, digits and a colon.
func isDerived(s string) bool {
	module, rest, _ := strings.Cut(s, ":")
	row, _, found := strings.Cut(rest, ":")
	return found && consists(module, 'a', 'z') && consists(row, '0', '9')
}

// consists reports whether a text has characters from one to another, and no others.
func consists(s string, first, last rune) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < first || r > last })
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
