package keptpage

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"expense-tracker/core/expense"
)

func TestEachReaderOfAFormHasAKey(t *testing.T) {
	page := newRendered([]byte(`<input name="idempotency_key" value="old"><p>`))
	for _, key := range []expense.Key{"a", `"b"`} {
		want := map[expense.Key]string{"a": "a", `"b"`: "&#34;b&#34;"}[key]
		if got := string(page.appendPlain([]byte("|"), key)); got != `|<input name="idempotency_key" value="`+want+`"><p>` {
			t.Error(got)
		}
	}
}

func TestEachReaderOfACompressedFormHasAKey(t *testing.T) {
	page := newRendered([]byte(`<input name="idempotency_key" value="old"><p>`))
	for _, key := range []expense.Key{"a", `"b"`} {
		if got, want := gunzip(t, page.appendZipped(nil, key)), string(page.appendPlain(nil, key)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func gunzip(t testing.TB, compressed []byte) string {
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
