package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestEveryAddressAnswersAsItShould(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "1"})
	for _, tt := range []struct {
		method, path string
		status       int
		location     string
		pattern      string // as a metric's route would be named
		text         string
	}{
		{"GET", "/", 200, "", "GET /{$}", "What did you spend?"},
		{"HEAD", "/", 200, "", "GET /{$}", ""},
		{"GET", "/?x=1", 200, "", "GET /{$}", "What did you spend?"},
		{"GET", "/expenses", 303, "/", "GET /expenses", ""},
		{"GET", "/expenses?from=oldest", 200, "", "GET /expenses", "food"},
		{"GET", "/expenses?before=2026-11-24_1", 200, "", "GET /expenses", "food"},
		{"GET", "/expenses?after=2026-11-24_1", 200, "", "GET /expenses", "no expenses here"},
		{"GET", "/expenses?before=yesterday", 404, "", "GET /expenses", "no such place"},
		{"GET", "/expenses?before=2026-11-24_1&after=2026-11-24_1", 404, "", "GET /expenses", "no such place"},
		{"GET", "/expenses?before=2026-02-30_1", 404, "", "GET /expenses", "no such place"},
		{"GET", "/expenses?from=newest", 404, "", "GET /expenses", "no such place"},
		{"GET", "/expenses/1", 200, "", "GET /expenses/{id}", "Delete this expense"},
		{"GET", "/expenses/1?before=2026-11-24_9", 200, "", "GET /expenses/{id}", `action="/expenses/1?before=2026-11-24_9"`},
		{"GET", "/expenses/1?before=//evil.example", 404, "", "GET /expenses/{id}", ""},
		{"GET", "/expenses/2", 404, "", "GET /expenses/{id}", "Not found"},
		{"GET", "/expenses/x", 404, "", "GET /expenses/{id}", "Not found"},
		{"GET", "/expenses/01", 404, "", "GET /expenses/{id}", "Not found"},
		{"GET", "/expenses/-1", 404, "", "GET /expenses/{id}", "Not found"},
		{"GET", "/expenses/99999999999999999999", 404, "", "GET /expenses/{id}", "Not found"},
		{"GET", "/categories", 200, "", "GET /categories", "food"},
		{"GET", "/categories?after=zzz", 200, "", "GET /categories", "Categories"},
		{"GET", "/categories/1", 200, "", "GET /categories/{id}", "Rename"},
		{"GET", "/categories/2", 404, "", "GET /categories/{id}", "Not found"},
		{"POST", "/categories/2/rename", 422, "", "POST /categories/{id}/rename", "which revision"},
		{"POST", "/expenses/2/restore", 422, "", "POST /expenses/{id}/restore", "which revision"},
		{"POST", "/expenses/1/delete", 422, "", "POST /expenses/{id}/delete", "which revision"},
		{"GET", "/favicon.ico", 200, "", "GET /favicon.ico", "<svg"},
		{"GET", "/static/style.css", 404, "", "GET /static/{file}", "Not found"},
		{"GET", "/static/..%2fweb.go", 404, "", "GET /static/{file}", "Not found"},
		{"GET", "/nothing", 404, "", "", "Not found"},
		{"GET", "/expenses/1/", 308, "/expenses/1", "", ""},
		{"GET", "/expenses/1/?before=2026-11-24_9", 308, "/expenses/1?before=2026-11-24_9", "", ""},
		{"GET", "/categories/", 308, "/categories", "", ""},
		{"GET", "/months/", 308, "/months", "", ""},
		{"GET", "/months/2026-11/", 308, "/months/2026-11", "", ""},
		{"POST", "/add/", 308, "/add", "", ""},
		{"GET", "/nothing/", 404, "", "", "Not found"},
		{"GET", "/static/", 404, "", "", "Not found"},
		{"GET", "/%2fevil.example/", 404, "", "", "Not found"},
		{"GET", "/%5cevil.example/", 404, "", "", "Not found"},
		{"GET", "//", 307, "/", "GET /{$}", ""},
		{"GET", "/add", 200, "", "GET /add", "autofocus"},
		{"GET", "/months", 303, "/months/2026-11", "GET /months", ""},
		{"GET", "/months/2026-11", 200, "", "GET /months/{month}", "November 2026"},
		{"GET", "/months/2026-13", 404, "", "GET /months/{month}", "Not found"},
		{"GET", "/months/1899-12", 404, "", "GET /months/{month}", "Not found"},
		{"GET", "/months/2026-1", 404, "", "GET /months/{month}", "Not found"},
		{"GET", "/years", 303, "/years/2026", "GET /years", ""},
		{"GET", "/years/2026", 200, "", "GET /years/{year}", "2026"},
		{"GET", "/years/0", 404, "", "GET /years/{year}", "Not found"},
		{"GET", "/more", 200, "", "GET /more", "/categories"},
		{"GET", "/expenses/1/delete", 405, "", "", "It takes: POST"},
		{"POST", "/", 405, "", "", "It takes: GET, HEAD"},
		{"DELETE", "/expenses/1", 405, "", "", "It takes: GET, HEAD, POST"},
		{"BREW", "/", 405, "", "", "It takes: GET, HEAD"},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, nil)
			r.Host = "made-up.example"
			got := s.Do(r)
			if location := got.Header.Get("Location"); location != tt.location {
				t.Errorf("Location %q, want %q", location, tt.location)
			}
			if r.Pattern != tt.pattern {
				t.Errorf("pattern %q, want %q", r.Pattern, tt.pattern)
			}
			if (got.Header.Get("Allow") != "") != (tt.status == 405) {
				t.Errorf("Allow is %q", got.Header.Get("Allow"))
			}
			if tt.method == "HEAD" {
				tt.text = ""
			}
			got.Want(t, tt.status, tt.text)
		})
	}
}

func TestAnswersAreGuarded(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for _, path := range []string{"/", "/nothing", "/categories", "/favicon.ico"} {
		h := s.Get(path).Header
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy %q has no %s", path, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy %q has a hole", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	page := s.Get("/")
	if got := page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page may be kept: %q", got)
	}
	for _, inline := range []string{" style=", "<style", " onclick", "<script>", "http://", "https://"} {
		page.Want(t, 200, "!"+inline)
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		header map[string]string
		status int
	}{
		{"curl", nil, 303},
		{"this site", map[string]string{"Origin": "http://example.com", "Sec-Fetch-Site": "same-origin"}, 303},
		{"an older browser on this site", map[string]string{"Origin": "http://example.com"}, 303},
		{"another site", map[string]string{"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}, 403},
		{"an older browser on another site", map[string]string{"Origin": "http://evil.example"}, 403},
		{"a sandboxed frame", map[string]string{"Origin": "null"}, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := webtest.New(t, web.Options{})
			r := httptest.NewRequest(http.MethodPost, "/add", strings.NewReader("category=food&price=1"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for name, value := range tt.header {
				r.Header.Set(name, value)
			}
			got := s.Do(r)
			got.Want(t, tt.status)
			if stored := s.Stored() == 1; stored != (tt.status == 303) {
				t.Errorf("stored: %v", stored)
			}
			if r.Pattern != "POST /add" {
				t.Errorf("pattern %q", r.Pattern)
			}
		})
	}
}

func TestAssetsAreKeptForever(t *testing.T) {
	s := webtest.New(t, web.Options{})
	page := s.Get("/").Body
	for _, tt := range []struct{ start, kind string }{
		{`href="/static/style.`, "text/css; charset=utf-8"},
		{`src="/static/comfort.`, "text/javascript; charset=utf-8"},
		{`href="/static/icon.`, "image/svg+xml"},
		{`href="/static/site.`, "application/manifest+json"},
	} {
		_, rest, found := strings.Cut(page, tt.start)
		if !found {
			t.Fatalf("no link %s", tt.start)
		}
		end, _, _ := strings.Cut(rest, `"`)
		_, path, _ := strings.Cut(tt.start+end, `"`)
		got := s.Get(path)
		got.Want(t, http.StatusOK)
		if got.Header.Get("Content-Type") != tt.kind || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %v", path, got.Header)
		}
		if strings.Contains(got.Body, "{{") {
			t.Errorf("%s is not filled in: %s", path, got.Body)
		}
	}
}

func TestEachKindOfErrorHasItsStatus(t *testing.T) {
	for _, tt := range []struct {
		err    error
		status int
		text   string
	}{
		{fault.Field("op", "x", "y is wrong"), 422, "Y is wrong."},
		{fault.New(fault.NotFound, "op", "gone fishing"), 404, "Gone fishing."},
		{fault.New(fault.Conflict, "op", "changed!"), 409, "Changed!"},
		{fault.New(fault.Forbidden, "op", ""), 403, "You may not do this here."},
		{fault.New(fault.Unauthenticated, "op", ""), 401, "Please sign in"},
		{fault.New(fault.Internal, "op", "the password is swordfish"), 500, "r-42"},
		{errors.New("the password is swordfish"), 500, "Internal error"},
		{fault.Wrap(fault.Unavailable, "op", errors.New("the password is swordfish")), 503, "not available"},
	} {
		s := webtest.New(t, web.Options{
			Actor:     func(*http.Request) (ledger.Actor, error) { return ledger.Actor{}, tt.err },
			RequestID: func(context.Context) string { return "r-42" },
		})
		got := s.Get("/")
		got.Want(t, tt.status, tt.text, "!swordfish")
		if (got.Header.Get("Retry-After") != "") != (tt.status == 503) {
			t.Errorf("%v: Retry-After %q", tt.err, got.Header.Get("Retry-After"))
		}
	}
}

func TestWhoMayOnlyReadCannotAdd(t *testing.T) {
	viewer := func(*http.Request) (ledger.Actor, error) {
		return ledger.Actor{Ledger: ledgertest.Ledger(ledger.Default), Role: ledger.Viewer}, nil
	}
	s := webtest.New(t, web.Options{Actor: viewer})
	s.Get("/").Want(t, 200)
	s.Post("/add", "category", "food", "price", "1").Want(t, 403, "Not allowed")
	if s.Stored() != 0 {
		t.Error("a viewer added an expense")
	}
}

func TestAPanicGetsAPageThatTellsNothing(t *testing.T) {
	s := webtest.New(t, web.Options{RequestID: func(context.Context) string { return "r-42" }})
	recorder := httptest.NewRecorder()
	s.ServePanic(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	if page := recorder.Body.String(); recorder.Code != 500 || !strings.Contains(page, "Internal error") || !strings.Contains(page, "r-42") ||
		recorder.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("status %d, page %s", recorder.Code, page)
	}
}
