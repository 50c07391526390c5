package web

import (
	"net/http"

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
	s.problems.Answer(w, r, unroutable(unmatched, r))
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
