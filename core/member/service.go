package member

import (
	"context"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// Settings are what a Service needs to know of the installation it works for.
type Settings struct {
	Now        func() time.Time // the clock
	Random     func([]byte)     // fills with bytes that nobody can guess
	NewKey     func() idempotency.Key
	Changed    func(ledger.Ledger) // told of a ledger that was described anew; may be nil
	Configured ledger.ID           // whose currency and zone the configuration sets; 0 for none
	PageSize   int                 // of the log
}

// Service holds the use cases of shared ledgers. Where there is an actor, each checks the role before anything else. A change of members
// checks it again as it is when the change is made, for it may have been taken away in the meantime; an invitation is good for nothing
// once who sent it is no owner any more.
type Service struct {
	store    Storage
	settings Settings
}

// NewService returns a Service on the storage.
func NewService(store Storage, settings Settings) *Service {
	return &Service{store: store, settings: settings}
}

// now returns the moment, as storages keep it.
func (s *Service) now() time.Time { return s.settings.Now().UTC().Truncate(time.Microsecond) }

// Ledgers returns the ledgers that a user is in, the oldest first.
func (s *Service) Ledgers(ctx context.Context, user ledger.UserID) ([]Membership, error) {
	return s.store.Memberships(ctx, user, MaxLedgers)
}

// Actor returns a user as who asks in a ledger, by one query. A ledger that the user is not in is NotFound, as is one that never was.
func (s *Service) Actor(ctx context.Context, user ledger.UserID, in ledger.ID) (ledger.Actor, error) {
	found, err := s.store.Membership(ctx, in, user)
	if err != nil {
		return ledger.Actor{}, err
	}
	return found.Actor(), nil
}

// Settle makes a user the owner of a ledger that has never had a member: one that was kept before there were members.
func (s *Service) Settle(ctx context.Context, of ledger.Ledger, user ledger.UserID) error {
	if _, err := s.store.Membership(ctx, of.ID, user); err == nil {
		return nil // a storage that cannot be written to can be read all the same
	}
	return s.store.Change(ctx, of.ID, func(all []Member) (Step, error) {
		if len(all) > 0 {
			return Step{}, nil
		}
		at := s.now()
		return Step{
			Member: Member{User: user, Role: ledger.Owner, Since: at},
			Event:  Event{At: at, Kind: Created, By: user, Text: of.Name},
		}, nil
	})
}

// Create makes a ledger whose owner is the user. The same request with the same key again gives the same ledger; an empty key is drawn.
func (s *Service) Create(ctx context.Context, user ledger.UserID, key string, draft Draft) (Membership, error) {
	const op = "member.Create"
	if user <= 0 {
		return Membership{}, fault.New(fault.Unauthenticated, op, "")
	}
	described, err := draft.parse(op, ledger.Ledger{Zone: time.UTC})
	if err != nil {
		return Membership{}, err
	}
	given := s.settings.NewKey
	if key != "" {
		parsed, err := idempotency.ParseKey(key)
		if err != nil {
			return Membership{}, fault.At(op, "idempotency_key", err)
		}
		given = func() idempotency.Key { return parsed }
	}
	return s.store.Create(ctx, Request{
		Maker: user, Key: given(), At: s.now(),
		Fingerprint: idempotency.FingerprintOf("ledger", described.Name, described.Currency.Code(), described.ZoneName()),
	}, described)
}

// IsConfigured reports whether the configuration sets the currency and the zone of the actor's ledger, so that no owner does.
func (s *Service) IsConfigured(actor ledger.Actor) bool {
	return actor.Ledger.ID == s.settings.Configured
}

// Describe gives the ledger another name, home currency or zone. It must be as it was seen, or it is a Conflict. What was spent stays in
// the currencies that it was spent in.
func (s *Service) Describe(ctx context.Context, actor ledger.Actor, saw revision.Seen, draft Draft) (ledger.Ledger, error) {
	const op = "member.Describe"
	if err := actor.Require(ledger.Owner, op); err != nil {
		return ledger.Ledger{}, err
	}
	described, err := s.store.Describe(ctx, actor.Ledger.ID, func(now ledger.Ledger) (ledger.Ledger, Event, error) {
		if s.IsConfigured(actor) {
			draft.Currency, draft.Zone = now.Currency.Code(), now.ZoneName()
		}
		wanted, err := draft.parse(op, now)
		if err == nil && !wanted.Equal(now) && saw.IsOther(Seen(now)) {
			err = fault.New(fault.Conflict, op, "this ledger was changed since you opened it")
		}
		return wanted, Event{At: s.now(), Kind: Described, By: actor.User, Text: wanted.Name}, err
	})
	if err == nil && s.settings.Changed != nil {
		s.settings.Changed(described)
	}
	return described, err
}

// EventPage is a part of a ledger's log.
type EventPage struct {
	Events []Event
	Next   EventID // before which the next page is; 0 if this is the last
}

// Events returns the log of the ledger, the newest line first; those before an ID unless it is 0.
func (s *Service) Events(ctx context.Context, actor ledger.Actor, before EventID) (EventPage, error) {
	if err := actor.Require(ledger.Owner, "member.Events"); err != nil {
		return EventPage{}, err
	}
	size := max(s.settings.PageSize, 1)
	events, err := s.store.Events(ctx, actor.Ledger.ID, before, size+1)
	if err != nil || len(events) <= size {
		return EventPage{Events: events}, err
	}
	return EventPage{Events: events[:size], Next: events[size-1].ID}, nil
}

// Today returns the day that it is for the people of a ledger.
func (s *Service) Today(in ledger.Ledger) civil.Date { return in.Today(s.settings.Now()) }
