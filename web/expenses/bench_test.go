package expenses_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/revision"
	"expense-tracker/web/webtest"
)

// A page of fifty expenses stays small enough for a phone on a bad line.
func TestTheHomePageIsLean(t *testing.T) {
	site, _ := webtest.Full(t)
	w := httptest.NewRecorder()
	site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if size := w.Body.Len(); size > 32_100 {
		t.Errorf("the page has %d bytes, want at most 32,100", size)
	}
}

// benchmarked are the pages that are kept.
var benchmarked = map[string]string{"home": "/", "older": "/expenses?from=oldest"}

// Where nothing has changed since the last request.
func BenchmarkKept(b *testing.B) {
	for name, path := range benchmarked {
		b.Run(name, func(b *testing.B) {
			site, _ := webtest.Full(b)
			r := httptest.NewRequest(http.MethodGet, path, nil)
			w := webtest.Discard{Headers: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.Headers)
				site.ServeHTTP(w, r)
			}
		})
	}
}

// Where each request finds a new version.
func BenchmarkRendered(b *testing.B) {
	for name, path := range benchmarked {
		b.Run(name, func(b *testing.B) {
			site, service := webtest.Full(b)
			at := 1
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				e, err := service.Edit(b.Context(), ledgertest.Owner(), 1, revision.At(at),
					expense.Draft{Category: "Category number 0", Price: "1"})
				if err != nil {
					b.Fatal(err)
				}
				at = e.Revision
				b.StartTimer()
				site.ServeHTTP(webtest.Discard{Headers: http.Header{}}, httptest.NewRequest(http.MethodGet, path, nil))
			}
		})
	}
}

// As BenchmarkKept, for clients that take gzip.
func BenchmarkKeptCompressed(b *testing.B) {
	site, _ := webtest.Full(b)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	w := webtest.Discard{Headers: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.Headers)
		site.ServeHTTP(w, r)
	}
}
