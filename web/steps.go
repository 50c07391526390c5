package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/accounts"
	"expense-tracker/web/household"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/problem"
)

// A step does one thing on the way to a handler, and hands the request on or returns an error.
type step func(area.Handler) area.Handler

// through returns the handler behind the steps, of which the first comes first.
func through(h area.Handler, steps []step) area.Handler {
	for i := len(steps) - 1; i >= 0; i-- {
		h = steps[i](h)
	}
	return h
}

// openSteps are what a request passes on its way to a page for everybody.
func openSteps(o Options) []step {
	return []step{
		refuseForeignForms(),
		boundBody(o.BodyLimit),
		boundTime(o.Timeout),
	}
}

// nobody is the actor before knowActor.
func nobody() ledger.Actor { return ledger.Actor{} }

// refuseForeignForms refuses what another site's page makes a browser send.
func refuseForeignForms() step {
	guard := http.NewCrossOriginProtection()
	return func(next area.Handler) area.Handler {
		return func(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
			if err := guard.Check(r); err != nil {
				return problem.ForeignForm(err)
			}
			return next(w, r, actor)
		}
	}
}

// A door says in whose name a request comes, and hands the request on with what it learned of it.
type door func(*http.Request) (*http.Request, ledger.Actor, error)

// door returns the door of a site: of the user who is signed in, or of the local owner where nobody signs in.
func (s *Site) door(o Options) door {
	switch {
	case o.Actor != nil:
		return func(r *http.Request) (*http.Request, ledger.Actor, error) {
			actor, err := o.Actor(r)
			return r, actor, err
		}
	case s.signedIn == nil:
		local := ledger.LocalOwner(o.Ledger)
		return func(r *http.Request) (*http.Request, ledger.Actor, error) { return r, local, nil }
	}
	return func(r *http.Request) (*http.Request, ledger.Actor, error) {
		visit, err := s.signedIn.Visit(r, s.wish(r))
		if err != nil {
			return r, nobody(), err
		}
		if visit.Actor.Role > 0 && isRead(r) {
			r = r.WithContext(keptpage.WithState(r.Context(), visit.Actor.Ledger.ID, visit.State))
		}
		return r, visit.Actor, nil
	}
}

// isRead reports whether a request changes nothing, so that its ledger is at its end as it was at the door, or others changed it meanwhile.
func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// takesPages reports whether a person asks, and no program.
func takesPages(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// knowActor finds out in whose name the request comes.
func (s *Site) knowActor(of door) step {
	return func(next area.Handler) area.Handler {
		return func(w http.ResponseWriter, r *http.Request, _ ledger.Actor) error {
			r, actor, err := of(r)
			if err != nil {
				return s.turnAway(w, r, err)
			}
			return problem.Of(actor, s.resendable(r, next(w, r, actor)))
		}
	}
}

// turnAway answers a request whose sender cannot be told. Who asks for a page and is not signed in is led to where that is done, and back;
// who sent a form that way finds it again there.
func (s *Site) turnAway(w http.ResponseWriter, r *http.Request, err error) error {
	switch {
	case !errors.Is(err, fault.Unauthenticated):
		return s.resendable(r, err)
	case !takesPages(r):
		return err
	case isRead(r):
		w.Header()["Location"] = []string{accounts.LoginFor(r)}
		w.WriteHeader(http.StatusSeeOther)
		return nil
	case s.signedIn != nil:
		return s.signedIn.KeepForm(r, err)
	}
	return err
}

// needLedger leads a user who is in no ledger to the page where one is made. What was meant for a ledger that its user is not in any more
// goes to no other.
func (s *Site) needLedger(next area.Handler) area.Handler {
	return func(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
		if !isRead(r) {
			if meant := s.wish(r); actor.Role == 0 || meant != 0 && meant != actor.Ledger.ID {
				return member.NotHere("web.needLedger")
			}
			household.Follow(s.cookies, w, r, actor.Ledger.ID)
		}
		if actor.Role > 0 {
			return next(w, r, actor)
		}
		http.Redirect(w, r, household.Address, http.StatusSeeOther)
		return nil
	}
}

// editors shows a page that has nothing but a form to those alone who may send it.
func editors(next area.Handler) area.Handler {
	return func(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
		if err := actor.Require(ledger.Editor, "web.editors"); err != nil {
			return err
		}
		return next(w, r, actor)
	}
}

// boundBody bounds the bytes of a form.
func boundBody(limit int64) step {
	return func(next area.Handler) area.Handler {
		return func(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
			if r.Method == http.MethodPost {
				r.Body = http.MaxBytesReader(w, r.Body, limit)
			}
			return next(w, r, actor)
		}
	}
}

// boundTime bounds the time of all that a handler asks of the storage, for it may ask several times. Zero is no bound.
func boundTime(limit time.Duration) step {
	return func(next area.Handler) area.Handler {
		if limit <= 0 {
			return next
		}
		return func(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
			ctx, cancel := context.WithTimeout(r.Context(), limit)
			defer cancel()
			return next(w, r.WithContext(ctx), actor)
		}
	}
}
