package web

import (
	"context"
	"net/http"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// routes is every address of the site.
func (s *Site) routes() {
	s.handle("GET /{$}", s.showHome)
	s.handle("POST /add", s.addExpense)
	s.handle("GET /expenses", s.showExpenses)
	s.handle("GET /expenses/{id}", s.showExpense)
	s.handle("POST /expenses/{id}", s.saveExpense)
	s.handle("POST /expenses/{id}/delete", s.deleteExpense)
	s.handle("POST /expenses/{id}/restore", s.restoreExpense)
	s.handle("GET /categories", s.showCategories)
	s.handle("GET /categories/{id}", s.showCategory)
	s.handle("POST /categories/{id}/rename", s.renameCategory)
	s.handle("POST /categories/{id}/merge", s.mergeCategory)
	s.mux.HandleFunc("GET /static/{file}", s.serveAsset)
	s.mux.HandleFunc("GET /favicon.ico", s.serveFavicon)
}

// handler answers a request of a known actor. What it returns becomes a page by way of fail; it must not have written then.
type handler func(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error

// handle makes h answer a pattern, for requests that do not come from another site's page.
func (s *Site) handle(pattern string, h handler) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := s.guarded(h, w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *Site) guarded(h handler, w http.ResponseWriter, r *http.Request) error {
	if err := s.guard.Check(r); err != nil {
		return &fault.Error{Kind: fault.Forbidden, Op: "web", Message: "the form was sent from a page of another site", Err: err}
	}
	actor, err := s.options.Actor(r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, s.options.BodyLimit)
	}
	if s.options.Timeout <= 0 {
		return h(w, r, actor)
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.options.Timeout) // from here on: a handler may ask several times
	defer cancel()
	return h(w, r.WithContext(ctx), actor)
}

// ServeHTTP answers a request. Where a route matches, r.Pattern says which afterwards; where none does, it is empty. There is
// no catch-all pattern, so that made-up paths do not count as a route.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.setSecurityHeaders(w.Header())
	s.answers.ServeHTTP(w, r)
}

func (s *Site) route(w http.ResponseWriter, r *http.Request) {
	unmatched, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	r.Pattern = ""
	s.fail(w, r, unroutable(unmatched, r))
}

// unroutable asks the mux's own answer to a request that it has no route for, whether only the method is wrong.
func unroutable(unmatched http.Handler, r *http.Request) error {
	answer := muted{header: http.Header{}}
	unmatched.ServeHTTP(&answer, r)
	if answer.status == http.StatusMethodNotAllowed {
		return &refusal{status: answer.status, allow: answer.header.Get("Allow")}
	}
	return &refusal{status: http.StatusNotFound}
}

// muted is a ResponseWriter that keeps the status and the header, and drops the body.
type muted struct {
	header http.Header
	status int
}

func (m *muted) Header() http.Header         { return m.header }
func (m *muted) WriteHeader(status int)      { m.status = status }
func (m *muted) Write(p []byte) (int, error) { return len(p), nil }
