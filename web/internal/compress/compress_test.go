package compress

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"expense-tracker/core/idempotency"
	"expense-tracker/tests/rig/check"
)

// Text that is put into compressed content gives what compressing the whole would.
func FuzzDivided(f *testing.F) {
	f.Add("", "", "")
	f.Add("head", "tail", "key")
	f.Add("", strings.Repeat("tail", 10_000), "a")
	f.Add(strings.Repeat("head\x00", 20_000), "", strings.Repeat("k", 6*idempotency.MaxKey))
	f.Fuzz(func(t *testing.T, head, tail, key string) {
		if len(key) > 6*idempotency.MaxKey {
			return
		}
		if got := check.Gunzip(t, Divide([]byte(head), []byte(tail)).Append(nil, key)); got != head+key+tail {
			t.Errorf("%q, want %q", got, head+key+tail)
		}
	})
}

func TestAccepted(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "gzip, deflate, br, zstd": true, "br;q=1.0, gzip;q=0.8, *;q=0.1": true, " gzip ; q=0.5": true,
		"identity": false, "gzip;q=0": false, "gzip; q=0.000": false, "br, gzip;q=x": false, "xgzip": false, "*": false, "deflate,br": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if got := Accepted(r); got != want {
			t.Errorf("%q: %t", header, got)
		}
	}
}
