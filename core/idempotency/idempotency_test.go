package idempotency_test

import (
	"math"
	"strings"
	"testing"

	"expense-tracker/core/idempotency"
)

func TestAKeyIsVisibleASCIIOfABoundedLength(t *testing.T) {
	for _, key := range []string{"k", "!~", strings.Repeat("k", idempotency.MaxKey)} {
		if got, err := idempotency.ParseKey(key); err != nil || string(got) != key {
			t.Errorf("%q reads as %q, %v", key, got, err)
		}
	}
	for _, key := range []string{"", "a b", "a\x00", "\x7f", "é", strings.Repeat("k", idempotency.MaxKey+1)} {
		if got, err := idempotency.ParseKey(key); err == nil {
			t.Errorf("%q reads as %q", key, got)
		}
	}
}

// Nobody outside can take the place of what the program adds by itself.
func TestADerivedKeyCannotBeSent(t *testing.T) {
	for _, key := range []idempotency.Key{
		idempotency.Derived("schedule", 7, "2026-11-01"),
		idempotency.Derived("import", math.MaxInt64, ""),
		idempotency.Derived("a", 1, "b:c"),
	} {
		if got, err := idempotency.ParseKey(string(key)); err == nil {
			t.Errorf("%q reads as %q", key, got)
		}
	}
	if got := idempotency.Derived("schedule", 7, "2026-11-01"); got != "schedule:7:2026-11-01" {
		t.Errorf("%q is not what storages have", got)
	}
	for _, key := range []string{
		"schedule:7", "schedule", "schedule::x", "schedule:x:y", ":7:x", "Schedule:7:x", "urn:uuid:0190a6b2", "2026:11:01", "a-b:1:x", "7",
	} {
		if _, err := idempotency.ParseKey(key); err != nil {
			t.Errorf("%q: %v", key, err)
		}
	}
}

// Storages keep fingerprints, so they are the same in every version.
func TestAFingerprintIsOfAllPartsInTheirOrder(t *testing.T) {
	want := idempotency.Fingerprint{
		0xc7, 0xf5, 0x03, 0x09, 0x4d, 0x5d, 0xa7, 0x15, 0x79, 0xb6, 0xee, 0x3e, 0xc1, 0xf2, 0x6d, 0xc3,
	}
	if got := idempotency.FingerprintOf("delete"); got != want {
		t.Errorf("the fingerprint is %x, want %x", got, want)
	}
	lists := [][]string{{"a", "b"}, {"b", "a"}, {"ab"}, {"ab", ""}, {"", "ab"}, {}}
	seen := map[idempotency.Fingerprint][]string{}
	for _, parts := range lists {
		fingerprint := idempotency.FingerprintOf(parts...)
		if other, ok := seen[fingerprint]; ok {
			t.Errorf("%q and %q have one fingerprint", parts, other)
		}
		seen[fingerprint] = parts
	}
}
