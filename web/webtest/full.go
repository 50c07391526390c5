package webtest

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
)

// Full returns a site with pages of 50 expenses, twelve categories and a year's history.
func Full(t testing.TB) (http.Handler, *expense.Service) {
	t.Helper()
	keys := 0
	services := Services(memory.New(), Settings{
		PageSize: 50,
		Now:      func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		NewKey:   func() idempotency.Key { keys++; return idempotency.Key(fmt.Sprint("key-", keys)) },
	})
	service := services.Expenses
	for i := range 730 {
		draft := expense.Draft{
			Category: fmt.Sprintf("Category number %d", i%12), Price: fmt.Sprintf("%d.%02d", i%90+1, i%100),
			Date: service.Today(ledgertest.Owner()).AddDays(-i / 2).String(), Note: []string{"", "", "at the market, with Anna"}[i%3],
		}
		if _, err := service.Add(t.Context(), ledgertest.Owner(), draft); err != nil {
			t.Fatal(err)
		}
	}
	site, err := web.New(services, web.Options{Ledger: ledgertest.Ledger(ledger.Default)})
	if err != nil {
		t.Fatal(err)
	}
	return site, service
}

// Discard is a client that takes everything and keeps nothing.
type Discard struct{ Headers http.Header }

// Header returns the header.
func (d Discard) Header() http.Header { return d.Headers }

// WriteHeader does nothing.
func (d Discard) WriteHeader(int) {}

// Write does nothing.
func (d Discard) Write(p []byte) (int, error) { return len(p), nil }
