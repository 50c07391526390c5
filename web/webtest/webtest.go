// Package webtest drives a Site on a storage in memory, for the tests of the site and of its areas.
package webtest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/adapters/payers"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
)

// Site is a web.Site on a storage in memory, on Monday, 23 November 2026, with a page of five expenses.
type Site struct {
	*web.Site
	T        testing.TB
	Services web.Services     // of the site, for another site on the same storage
	Service  *expense.Service // the one of expenses among them
	Store    *Storage
	Now      time.Time
	keys     atomic.Int64
	people   people
}

// people are who is known by name, once that is known.
type people struct{ known payers.Names }

func (p *people) Names(ctx context.Context, users []ledger.UserID) (map[ledger.UserID]string, error) {
	if p.known == nil {
		return nil, nil
	}
	return p.known.Names(ctx, users)
}

// New returns a site whose pages have five expenses.
func New(t testing.TB, options web.Options) *Site {
	t.Helper()
	s := &Site{T: t, Store: newStorage(), Now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	newKey := func() idempotency.Key { return idempotency.Key(fmt.Sprintf("key-%d", s.keys.Add(1))) }
	s.Services = Services(s.Store, Settings{Now: func() time.Time { return s.Now }, NewKey: newKey, PageSize: 5, People: &s.people})
	s.Service = s.Services.Expenses
	s.people.known = options.People
	options.NewKey = newKey
	options.Ledger = ledgertest.Ledger(ledger.Default)
	var err error
	if s.Site, err = web.New(s.Services, options); err != nil {
		t.Fatal(err)
	}
	return s
}

// Add stores an expense beside the page.
func (s *Site) Add(draft expense.Draft) expense.Expense {
	s.T.Helper()
	receipt, err := s.Service.Add(s.T.Context(), ledgertest.Owner(), draft)
	if err != nil {
		s.T.Fatal(err)
	}
	return receipt.Expense
}

// Stored returns the number of expenses.
func (s *Site) Stored() int64 {
	s.T.Helper()
	n, err := s.Store.CountExpenses(s.T.Context())
	if err != nil {
		s.T.Fatal(err)
	}
	return n
}

// Answer is what came back.
type Answer struct {
	*http.Response
	Body string // in place of the one that is read once
}

// AnswerOf returns what was recorded.
func AnswerOf(recorder *httptest.ResponseRecorder) Answer {
	return Answer{Response: recorder.Result(), Body: recorder.Body.String()}
}

// Do answers a request.
func (s *Site) Do(r *http.Request) Answer {
	s.T.Helper()
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, r)
	return AnswerOf(recorder)
}

// Get asks for a page.
func (s *Site) Get(path string) Answer {
	s.T.Helper()
	return s.Do(httptest.NewRequest(http.MethodGet, path, nil))
}

// Post sends a form of names and values, as a browser does.
func (s *Site) Post(path string, fields ...string) Answer {
	s.T.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/html")
	return s.Do(r)
}

// Follow goes where an answer redirects, with its cookie.
func (s *Site) Follow(a Answer) Answer {
	s.T.Helper()
	if a.StatusCode != http.StatusSeeOther {
		s.T.Fatalf("status %d, want a redirect; %s", a.StatusCode, a.Body)
	}
	to, _, _ := strings.Cut(a.Header.Get("Location"), "#") // which a browser keeps to itself
	r := httptest.NewRequest(http.MethodGet, to, nil)
	for _, cookie := range a.Cookies() {
		r.AddCookie(cookie)
	}
	return s.Do(r)
}

// Want fails unless the answer has the status and its body all the texts; a text that begins with ! must not be there.
func (a Answer) Want(t testing.TB, status int, texts ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("status %d, want %d", a.StatusCode, status)
	}
	for _, text := range texts {
		unwanted, not := strings.CutPrefix(text, "!")
		if not == strings.Contains(a.Body, unwanted) && not {
			t.Errorf("the page has %q, and must not", unwanted)
		} else if !not && !strings.Contains(a.Body, text) {
			t.Errorf("the page has no %q:\n%s", text, a.Body)
		}
	}
}

var keyPattern = regexp.MustCompile(`name="idempotency_key" value="([^"]*)"`)

// Key returns the key of the page's form.
func (a Answer) Key(t testing.TB) string {
	t.Helper()
	found := keyPattern.FindStringSubmatch(a.Body)
	if found == nil || found[1] == "" {
		t.Fatalf("no key on the page:\n%s", a.Body)
	}
	return found[1]
}

var revisionPattern = regexp.MustCompile(`name="revision" value="([^"]*)"`)

// Revision returns what the page's first form says that its reader saw.
func (a Answer) Revision(t testing.TB) string {
	t.Helper()
	found := revisionPattern.FindStringSubmatch(a.Body)
	if found == nil {
		t.Fatalf("no revision on the page:\n%s", a.Body)
	}
	return found[1]
}
