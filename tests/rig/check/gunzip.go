package check

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"
)

// Gunzip returns what was compressed, in one member as browsers read it, and fails the test unless that is whole.
func Gunzip(t testing.TB, compressed []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(compressed)) // which looks at checksum and size
	if err != nil {
		t.Fatal(err)
	}
	r.Multistream(false) // as browsers read it: one member
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%v after %d bytes", err, len(plain))
	}
	if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
		t.Fatalf("%d bytes behind the end, %v", len(rest), err)
	}
	return string(plain)
}
