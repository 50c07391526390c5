package token

import (
	"context"
	"errors"
	"strconv"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// Place says as whom a user asks in a ledger now, and since when the user has been in it; NotFound if the user is not. It costs one query.
type Place func(ctx context.Context, user ledger.UserID, in ledger.ID) (actor ledger.Actor, since time.Time, err error)

// Settings are what a Service needs to know of the installation it works for.
type Settings struct {
	Now    func() time.Time // the clock
	Random func([]byte)     // fills with bytes that nobody can guess
	NewKey func() idempotency.Key
	Place  Place
	Wrong  func(ctx context.Context, network string) error // counts a wrong token from a network; Throttled if there were too many

	// Later runs work when there is time for it, or leaves it undone. Of work with one name within TouchAfter it runs the first alone.
	Later func(name string, work func(context.Context))
}

// Service holds the use cases of tokens. Where there is an actor, each checks the role before anything else.
type Service struct {
	store    Store
	settings Settings
}

// NewService returns a Service on the storage.
func NewService(store Store, settings Settings) *Service {
	return &Service{store: store, settings: settings}
}

// now returns the moment, as storages keep it.
func (s *Service) now() time.Time { return s.settings.Now().UTC().Truncate(time.Microsecond) }

// Today returns the day that it is for the people of a ledger.
func (s *Service) Today(in ledger.Ledger) civil.Date { return in.Today(s.settings.Now()) }

// Make keeps a token for the actor's ledger, which works in the actor's name. Its secret is known to the caller alone: the storage has a
// digest of it. To make one that writes takes who may write.
func (s *Service) Make(ctx context.Context, actor ledger.Actor, typedKey string, draft Draft) (Token, Secret, error) {
	const op = "token.Make"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return Token{}, Secret{}, err
	}
	given, err := draft.parse(op, actor.Ledger, s.now())
	if err != nil {
		return Token{}, Secret{}, err
	}
	if err := actor.Require(given.Scope.Role(), op); err != nil {
		return Token{}, Secret{}, err
	}
	key := s.settings.NewKey()
	if typedKey != "" {
		if key, err = idempotency.ParseKey(typedKey); err != nil {
			return Token{}, Secret{}, fault.At(op, "idempotency_key", err)
		}
	}
	given.By = actor.User
	secret := s.newSecret(actor.Ledger.ID)
	kept, err := s.store.Make(ctx, actor.Ledger.ID, key, secret.Digest(), given)
	if err != nil {
		return Token{}, Secret{}, err
	}
	return kept, secret, nil
}

// List returns the tokens to the actor's ledger that were not revoked, the newest first: all of them to an owner, to others their own.
func (s *Service) List(ctx context.Context, actor ledger.Actor) ([]Token, error) {
	if err := actor.Require(ledger.Viewer, "token.List"); err != nil {
		return nil, err
	}
	by := actor.User
	if actor.Role == ledger.Owner {
		by = 0
	}
	return s.store.List(ctx, actor.Ledger.ID, by)
}

// Revoke ends a token to the actor's ledger: an owner any, others their own. One that was revoked stays so.
func (s *Service) Revoke(ctx context.Context, actor ledger.Actor, id ID) error {
	const op = "token.Revoke"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return err
	}
	return s.store.Revoke(ctx, actor.Ledger.ID, id, actor.User, s.now(), func(t Token) error {
		if t.By != actor.User && actor.Role < ledger.Owner {
			return NoSuchToken(op)
		}
		return nil
	})
}

// EndAll revokes all tokens of a user, whom the operator keeps out, and returns how many.
func (s *Service) EndAll(ctx context.Context, user ledger.UserID) (int, error) {
	return s.store.EndAll(ctx, user)
}

// Use returns as whom a program asks that brings a token, for what needs a scope. A token has never more than its maker's role as it is
// now, and is dead while its maker is out of the ledger, and after that. What is no live token is Unauthenticated, whatever the reason,
// and Throttled once too many were brought from a network; one of too small a scope is Forbidden.
//
// It costs two queries, as a session does. When it was used last is written down later, once a minute.
func (s *Service) Use(ctx context.Context, brought string, need Scope, network string) (ledger.Actor, error) {
	const op = "token.Use"
	secret, ok := parseSecret(brought)
	if !ok {
		return ledger.Actor{}, s.wrong(ctx, op, network)
	}
	found, err := s.store.Find(ctx, secret.ledger, secret.Digest())
	var actor ledger.Actor
	var since time.Time
	if err == nil {
		actor, since, err = s.settings.Place(ctx, found.By, secret.ledger)
	}
	now := s.now()
	switch {
	case errors.Is(err, fault.NotFound), err == nil && (!found.IsLive(now) || found.At.Before(since)):
		return ledger.Actor{}, s.wrong(ctx, op, network)
	case err != nil:
		return ledger.Actor{}, err
	case !found.Scope.Allows(need):
		return ledger.Actor{}, fault.New(fault.Forbidden, op, "this token only reads; make one that may add")
	}
	actor.Role = min(actor.Role, found.Scope.Role())
	s.touch(secret.ledger, found.ID, found.Used, now)
	return actor, nil
}

// wrong counts a wrong token and returns what its bringer is told.
func (s *Service) wrong(ctx context.Context, op, network string) error {
	if err := s.settings.Wrong(ctx, network); err != nil {
		return err
	}
	return fault.New(fault.Unauthenticated, op, "this token is wrong, revoked or over")
}

// TouchAfter is how old the last use must be before another is written down.
const TouchAfter = time.Minute

// touch has a use written down later. Whether that succeeds is nobody's concern: the next minute brings another.
func (s *Service) touch(in ledger.ID, id ID, stored, now time.Time) {
	if now.Sub(stored) < TouchAfter {
		return
	}
	name := "token " + strconv.FormatInt(int64(in), 10) + "/" + strconv.FormatInt(int64(id), 10)
	s.settings.Later(name, func(ctx context.Context) { _ = s.store.Touch(ctx, in, id, now) })
}
