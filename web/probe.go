package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/bearer"
	"expense-tracker/web/internal/problem"
)

// ProbeHeader marks what the program's own probe asks, and what it is answered. Who brings it is answered as the probe or not at all, so
// that no mistake of a setting makes the probe add to a ledger of people; and what answers without it is not the program.
const ProbeHeader = "Expense-Tracker-Probe"

// probe is what answers the program's own probe: by what its secret says, in a ledger of its own. It may read the first page, add, and
// fetch what it has added.
type probe struct {
	secret [sha256.Size]byte
	isSet  bool
	actor  ledger.Actor
	steps  []step
	mux    *http.ServeMux
}

func newProbe(problems *problem.Desk, a *areas, o Options) probe {
	p := probe{
		secret: sha256.Sum256([]byte(o.ProbeSecret)), isSet: o.ProbeSecret != "", actor: ledger.Prober(o.Ledger.Currency),
		steps: openSteps(o), mux: http.NewServeMux(),
	}
	p.handle(problems, "GET /{$}", a.expenses.Home)
	p.handle(problems, "POST /add", a.expenses.Add)
	p.handle(problems, "GET /search.csv", a.search.Export)
	return p
}

func (p probe) handle(problems *problem.Desk, pattern string, h area.Handler) {
	asked := through(func(w http.ResponseWriter, r *http.Request, _ ledger.Actor) error { return h(w, r, p.actor) }, p.steps)
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := asked(w, r, nobody()); err != nil {
			problems.Answer(w, r, problem.Of(p.actor, err))
		}
	})
}

// isProbe reports whether a request says that it comes from the probe.
func isProbe(r *http.Request) bool { return r.Header[ProbeHeader] != nil }

func (p probe) answer(problems *problem.Desk, w http.ResponseWriter, r *http.Request) {
	brought, _ := bearer.Of(r)
	digest := sha256.Sum256([]byte(brought))
	if !p.isSet || subtle.ConstantTimeCompare(digest[:], p.secret[:]) != 1 {
		r.Pattern = ""
		problems.Answer(w, r, fault.New(fault.Unauthenticated, "web.probe", "this is not the secret of the probe"))
		return
	}
	w.Header().Set(ProbeHeader, "yes")
	if _, pattern := p.mux.Handler(r); pattern == "" {
		r.Pattern = ""
		problems.Answer(w, r, fault.New(fault.Forbidden, "web.probe", "the probe may read the first page, add, and fetch what it has added"))
		return
	}
	p.mux.ServeHTTP(w, r)
}
