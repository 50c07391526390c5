package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"

	"expense-tracker/config"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// place is where the one user of an installation without accounts is: the default ledger, unless their browser wishes for another.
type place struct{ own atomic.Pointer[ledger.Ledger] }

func newPlace(own ledger.Ledger) *place {
	p := &place{}
	p.own.Store(&own)
	return p
}

// changed is told of a ledger that was described anew on this instance.
func (p *place) changed(described ledger.Ledger) {
	if described.ID == ledger.Default {
		p.own.Store(&described)
	}
}

// settle makes the local user the owner of the default ledger, if nobody is in it.
func (p *place) settle(ctx context.Context, members *member.Service, settings config.Config, logger *slog.Logger) error {
	_, err := retry(ctx, settings.Database.ConnectTimeout, logger, func() (struct{}, error) {
		return struct{}{}, members.Settle(ctx, *p.own.Load(), ledger.LocalUser)
	})
	return err
}

// actor returns who asks. In the default ledger that is known without a question.
func (p *place) actor(members *member.Service, wishOf func(*http.Request) ledger.ID) func(*http.Request) (ledger.Actor, error) {
	return func(r *http.Request) (ledger.Actor, error) {
		wish := wishOf(r)
		if wish != 0 && wish != ledger.Default {
			actor, err := members.Actor(r.Context(), ledger.LocalUser, wish)
			if !errors.Is(err, fault.NotFound) {
				return actor, err
			}
		}
		return ledger.LocalOwner(*p.own.Load()), nil
	}
}
