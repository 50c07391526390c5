package web

import (
	"net/http"

	"expense-tracker/web/internal/area"
)

// routes is every address of the site.
func (s *Site) routes(a *areas) {
	s.handle("GET /{$}", a.expenses.Home)
	s.handle("POST /add", a.expenses.Add)
	s.handle("GET /expenses", a.expenses.List)
	s.handle("GET /expenses/{id}", a.expenses.Show)
	s.handle("POST /expenses/{id}", a.expenses.Save)
	s.handle("POST /expenses/{id}/delete", a.expenses.Delete)
	s.handle("POST /expenses/{id}/restore", a.expenses.Restore)

	s.handle("GET /categories", a.categories.List)
	s.handle("GET /categories/{id}", a.categories.Show)
	s.handle("POST /categories/{id}/rename", a.categories.Rename)
	s.handle("POST /categories/{id}/merge", a.categories.Merge)

	s.public("GET /static/{file}", a.assets.Serve)
	s.public("GET /favicon.ico", a.assets.ServeIcon)
}

// handle makes h answer a pattern, behind the steps that lead to an actor. What h returns becomes a page.
func (s *Site) handle(pattern string, h area.Handler) {
	h = through(h, s.steps)
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r, nobody()); err != nil {
			s.problems.Answer(w, r, err)
		}
	})
}

// public makes h answer a pattern to everybody.
func (s *Site) public(pattern string, h func(http.ResponseWriter, *http.Request) error) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.problems.Answer(w, r, err)
		}
	})
}
