package keptpage

import (
	"testing"

	"expense-tracker/core/idempotency"
	"expense-tracker/tests/rig/check"
)

func TestEachReaderOfAFormHasAKey(t *testing.T) {
	page := newRendered([]byte(`<input name="idempotency_key" value="old"><p>`))
	for _, key := range []idempotency.Key{"a", `"b"`} {
		want := map[idempotency.Key]string{"a": "a", `"b"`: "&#34;b&#34;"}[key]
		if got := string(page.appendPlain([]byte("|"), key)); got != `|<input name="idempotency_key" value="`+want+`"><p>` {
			t.Error(got)
		}
	}
}

func TestEachReaderOfACompressedFormHasAKey(t *testing.T) {
	page := newRendered([]byte(`<input name="idempotency_key" value="old"><p>`))
	for _, key := range []idempotency.Key{"a", `"b"`} {
		if got, want := check.Gunzip(t, page.appendZipped(nil, key)), string(page.appendPlain(nil, key)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
