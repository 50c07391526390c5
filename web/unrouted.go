package web

import (
	"net/http"
	"strings"

	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/problem"
)

// route hands a request to its route, or answers that there is none.
func (s *Site) route(w http.ResponseWriter, r *http.Request) {
	unmatched, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	r.Pattern = ""
	if to := s.withoutSlash(r); to != "" {
		w.Header()["Location"] = []string{to}
		w.WriteHeader(http.StatusPermanentRedirect)
		return
	}
	s.problems.Answer(w, r, unroutable(unmatched, r))
}

// withoutSlash returns the address that a request means which ends in a slash; nothing if there is none.
func (s *Site) withoutSlash(r *http.Request) string {
	path, ends := strings.CutSuffix(r.URL.EscapedPath(), "/")
	if !ends || !address.IsHere(path) {
		return ""
	}
	meant := r.Clone(r.Context())
	meant.URL.Path, meant.URL.RawPath = strings.TrimSuffix(r.URL.Path, "/"), ""
	if _, pattern := s.mux.Handler(meant); pattern == "" {
		return ""
	}
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	return path
}

// unroutable asks the mux's own answer to a request that it has no route for, whether only the method is wrong.
func unroutable(unmatched http.Handler, r *http.Request) error {
	answer := muted{header: http.Header{}}
	unmatched.ServeHTTP(&answer, r)
	if answer.status == http.StatusMethodNotAllowed {
		return problem.MethodNotAllowed(answer.header.Get("Allow"))
	}
	return problem.NotFound(nil)
}

// muted is a ResponseWriter that keeps the status and the header, and drops the body.
type muted struct {
	header http.Header
	status int
}

func (m *muted) Header() http.Header         { return m.header }
func (m *muted) WriteHeader(status int)      { m.status = status }
func (m *muted) Write(p []byte) (int, error) { return len(p), nil }
