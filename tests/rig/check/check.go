// Package check says what was seen and what was wanted where they differ.
package check

import (
	"strings"
	"testing"
	"time"
)

// Equal fails the test unless what was seen is what was wanted.
func Equal[T comparable](t testing.TB, what string, seen, wanted T) {
	t.Helper()
	if seen != wanted {
		t.Errorf("%s: %v, not %v", what, seen, wanted)
	}
}

// Contains fails the test unless the text has each of the parts.
func Contains(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s does not say %q: %s", what, part, text)
		}
	}
}

// Eventually waits until the condition holds, and fails the test if it does not within the time.
func Eventually(t testing.TB, within time.Duration, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}
