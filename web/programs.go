package web

import (
	"net/http"

	"expense-tracker/core/ledger"
	"expense-tracker/core/token"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/bearer"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/tokens"
)

// programs is what answers programs that bring a token.
type programs struct {
	tokens *tokens.Area // nil where there are none: then what is brought is passed over
	steps  []step       // on the way to an area, but for who asks
	mux    *http.ServeMux
}

// newPrograms returns the part of a site that answers programs. A token works for adding and for files, and for nothing else.
func (s *Site) newPrograms(a *areas, o Options) programs {
	p := programs{tokens: a.tokens, steps: openSteps(o), mux: http.NewServeMux()}
	p.handle(s.problems, "POST /add", token.Write, a.expenses.Add)
	p.handle(s.problems, "GET /search.csv", token.Read, a.search.Export)
	return p
}

// handle makes h answer a pattern to programs that bring a token of a scope.
func (p programs) handle(problems *problem.Desk, pattern string, need token.Scope, h area.Handler) {
	asked := through(func(w http.ResponseWriter, r *http.Request, _ ledger.Actor) error {
		actor, err := p.tokens.Actor(r, need)
		if err != nil {
			return err
		}
		return problem.Of(actor, h(w, r, actor))
	}, p.steps)
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := asked(w, r, nobody()); err != nil {
			problems.Answer(w, r, err)
		}
	})
}

// withPrograms answers a request that brings a token by it alone, whatever else it brings, and hands all others on.
func (s *Site) withPrograms(people http.Handler) http.Handler {
	p := s.programs
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isProbe(r) {
			s.probe.answer(s.problems, w, r)
			return
		}
		if p.tokens == nil || !bearer.IsIn(r) {
			people.ServeHTTP(w, r)
			return
		}
		if _, pattern := p.mux.Handler(r); pattern == "" {
			r.Pattern = ""
			s.problems.Answer(w, r, tokens.NotHere())
			return
		}
		p.mux.ServeHTTP(w, r)
	})
}
