package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web"
)

// fullSite has pages of 50 expenses, twelve categories and a year's history.
func fullSite(t testing.TB) (http.Handler, *expense.Service) {
	t.Helper()
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	keys := 0
	service := expense.NewService(memory.New(), expense.Settings{
		Currency: usd, PageSize: 50,
		Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		NewKey: func() expense.Key { keys++; return expense.Key(fmt.Sprint("key-", keys)) },
	})
	for i := range 730 {
		draft := expense.Draft{
			Category: fmt.Sprintf("Category number %d", i%12), Price: fmt.Sprintf("%d.%02d", i%90+1, i%100),
			Date: service.Today().AddDays(-i / 2).String(), Note: []string{"", "", "at the market, with Anna"}[i%3],
		}
		if _, err := service.Add(t.Context(), ledger.LocalOwner(), draft); err != nil {
			t.Fatal(err)
		}
	}
	site, err := web.New(service, web.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return site, service
}

// A page of fifty expenses stays small enough for a phone on a bad line.
func TestTheHomePageIsLean(t *testing.T) {
	site, _ := fullSite(t)
	w := httptest.NewRecorder()
	site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if size := w.Body.Len(); size > 25_000 {
		t.Errorf("the page has %d bytes, want at most 25,000", size)
	}
}

// discard is a client that takes everything and keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) WriteHeader(int)             {}
func (d discard) Write(p []byte) (int, error) { return len(p), nil }

// benchmarked are the pages that are kept.
var benchmarked = map[string]string{"home": "/", "older": "/expenses?from=oldest"}

// Where nothing has changed since the last request.
func BenchmarkKept(b *testing.B) {
	for name, path := range benchmarked {
		b.Run(name, func(b *testing.B) {
			site, _ := fullSite(b)
			r := httptest.NewRequest(http.MethodGet, path, nil)
			w := discard{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				site.ServeHTTP(w, r)
			}
		})
	}
}

// Where each request finds a new version.
func BenchmarkRendered(b *testing.B) {
	for name, path := range benchmarked {
		b.Run(name, func(b *testing.B) {
			site, service := fullSite(b)
			revision := 1
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				e, err := service.Edit(b.Context(), ledger.LocalOwner(), 1, expense.At(revision), expense.Draft{Category: "Category number 0", Price: "1"})
				if err != nil {
					b.Fatal(err)
				}
				revision = e.Revision
				b.StartTimer()
				site.ServeHTTP(discard{http.Header{}}, httptest.NewRequest(http.MethodGet, path, nil))
			}
		})
	}
}
