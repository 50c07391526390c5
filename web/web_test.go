package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web"
)

// site is a Site on a storage in memory, on Monday, 23 November 2026, with a page of five expenses.
type site struct {
	*web.Site
	t       testing.TB
	service *expense.Service
	store   *storage
	now     time.Time
	keys    atomic.Int64
}

func newSite(t testing.TB, options web.Options) *site {
	t.Helper()
	s := &site{t: t, store: &storage{Store: memory.New()}, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	newKey := func() expense.Key { return expense.Key(fmt.Sprintf("key-%d", s.keys.Add(1))) }
	s.service = expense.NewService(s.store, expense.Settings{Currency: usd, Now: func() time.Time { return s.now }, NewKey: newKey, PageSize: 5})
	options.NewKey = newKey
	if s.Site, err = web.New(s.service, options); err != nil {
		t.Fatal(err)
	}
	return s
}

// storage can be taken away, as a database can.
type storage struct {
	expense.Store
	broken    atomic.Pointer[error]
	overviews atomic.Int64 // how often one was asked for
	lists     atomic.Int64 // likewise
}

func (s *storage) fail(err error) { s.broken.Store(&err) }
func (s *storage) takeAway() {
	s.fail(&fault.Error{Kind: fault.Unavailable, Op: "test", RetryAfter: 1500 * time.Millisecond, Err: errors.New("secret driver text")})
}
func (s *storage) bringBack() { s.broken.Store(nil) }

func (s *storage) err() error {
	if err := s.broken.Load(); err != nil {
		return *err
	}
	return nil
}

func (s *storage) State(ctx context.Context, in ledger.ID) (expense.State, error) {
	if err := s.err(); err != nil {
		return expense.State{}, err
	}
	return s.Store.State(ctx, in)
}

func (s *storage) Overview(ctx context.Context, in ledger.ID, query expense.OverviewQuery) (expense.Overview, error) {
	if err := s.err(); err != nil {
		return expense.Overview{}, err
	}
	s.overviews.Add(1)
	return s.Store.Overview(ctx, in, query)
}

func (s *storage) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	if err := s.err(); err != nil {
		return expense.Receipt{}, err
	}
	return s.Store.Add(ctx, in, entry)
}

func (s *storage) Get(ctx context.Context, in ledger.ID, id expense.ID) (expense.Expense, error) {
	if err := s.err(); err != nil {
		return expense.Expense{}, err
	}
	return s.Store.Get(ctx, in, id)
}

func (s *storage) Change(
	ctx context.Context, in ledger.ID, id expense.ID, basis expense.Basis, revise func(expense.Expense) (expense.Expense, error),
) (expense.Expense, error) {
	if err := s.err(); err != nil {
		return expense.Expense{}, err
	}
	return s.Store.Change(ctx, in, id, basis, revise)
}

func (s *storage) List(ctx context.Context, in ledger.ID, query expense.ListQuery) ([]expense.Expense, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	s.lists.Add(1)
	return s.Store.List(ctx, in, query)
}

func (s *storage) ListCategories(ctx context.Context, in ledger.ID, after string, limit int) ([]expense.CategorySummary, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	return s.Store.ListCategories(ctx, in, after, limit)
}

func (s *storage) GetCategory(ctx context.Context, in ledger.ID, id expense.CategoryID) (expense.CategorySummary, error) {
	if err := s.err(); err != nil {
		return expense.CategorySummary{}, err
	}
	return s.Store.GetCategory(ctx, in, id)
}

func (s *storage) RenameCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis expense.Basis, name expense.CategoryName,
) (expense.Category, error) {
	if err := s.err(); err != nil {
		return expense.Category{}, err
	}
	return s.Store.RenameCategory(ctx, in, id, basis, name)
}

// add stores an expense beside the page.
func (s *site) add(draft expense.Draft) expense.Expense {
	s.t.Helper()
	receipt, err := s.service.Add(s.t.Context(), ledger.LocalOwner(), draft)
	if err != nil {
		s.t.Fatal(err)
	}
	return receipt.Expense
}

func (s *site) stored() int64 {
	s.t.Helper()
	n, err := s.store.Entries(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (s *site) do(r *http.Request) answer {
	s.t.Helper()
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, r)
	response := recorder.Result()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{response, string(body)}
}

func (s *site) get(path string) answer {
	s.t.Helper()
	return s.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form of names and values.
func (s *site) post(path string, fields ...string) answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r)
}

// follow goes where an answer redirects, with its cookie.
func (s *site) follow(a answer) answer {
	s.t.Helper()
	if a.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("status %d, want a redirect; %s", a.StatusCode, a.body)
	}
	r := httptest.NewRequest(http.MethodGet, a.Header.Get("Location"), nil)
	for _, cookie := range a.Cookies() {
		r.AddCookie(cookie)
	}
	return s.do(r)
}

// want fails unless the answer has the status and its body all the texts; a text that begins with ! must not be there.
func (a answer) want(t testing.TB, status int, texts ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("status %d, want %d", a.StatusCode, status)
	}
	for _, text := range texts {
		unwanted, not := strings.CutPrefix(text, "!")
		if not == strings.Contains(a.body, unwanted) && not {
			t.Errorf("the page has %q, and must not", unwanted)
		} else if !not && !strings.Contains(a.body, text) {
			t.Errorf("the page has no %q:\n%s", text, a.body)
		}
	}
}

var keyPattern = regexp.MustCompile(`name="idempotency_key" value="([^"]*)"`)

// key returns the key of the page's form.
func (a answer) key(t testing.TB) string {
	t.Helper()
	found := keyPattern.FindStringSubmatch(a.body)
	if found == nil || found[1] == "" {
		t.Fatalf("no key on the page:\n%s", a.body)
	}
	return found[1]
}
