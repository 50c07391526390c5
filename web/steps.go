package web

import (
	"context"
	"net/http"
	"time"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/household"
	"expense-tracker/web/internal/area"
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

// steps are what each request passes on its way to an area.
func steps(o Options) []step {
	return []step{
		refuseForeignForms(),
		knowActor(o.Actor),
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

// knowActor finds out in whose name the request comes.
func knowActor(of func(*http.Request) (ledger.Actor, error)) step {
	return func(next area.Handler) area.Handler {
		return func(w http.ResponseWriter, r *http.Request, _ ledger.Actor) error {
			actor, err := of(r)
			if err != nil {
				return err
			}
			return problem.Of(actor, next(w, r, actor))
		}
	}
}

// needLedger leads a user who is in no ledger to the page where one is made.
func needLedger(next area.Handler) area.Handler {
	return func(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
		if actor.Role > 0 {
			return next(w, r, actor)
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return member.NotHere("web.needLedger")
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
