package account

import (
	"context"
	"errors"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Visit is who asks for a page, and where: all that is known of a request before it is answered.
type Visit struct {
	Signed
	Actor ledger.Actor // the user at work in a ledger; in none and without a role, if the user is in none
	State ledger.State // of that ledger
}

// Visits tells of a session and of its user's place at once, for each page asks for both.
type Visits interface {
	// Visit is Find, of a session without its client and generation, together with the ledger of the wish if the session's user is in
	// that, and else with the oldest that the user is in. It is one query, so that all of a visit is of one moment.
	Visit(ctx context.Context, token Digest, wish ledger.ID) (Visit, error)
}

// Visit returns who brings a token, as Authenticate does, and in which ledger that user is at work: in the wished one, or else in the
// oldest. It costs one query of the storage, and a write once a minute.
func (s *Service) Visit(ctx context.Context, token string, wish ledger.ID, from Client) (Visit, error) {
	const op = "account.Visit"
	if !isToken(token) {
		return Visit{}, notSignedIn(op)
	}
	digest := sessionDigest(token)
	found, err := s.store.Visit(ctx, digest, wish)
	if err == nil {
		found.Session.Client = from.tidy()
		found.Signed, err = s.admit(ctx, op, digest, found.Signed, from)
	}
	switch {
	case errors.Is(err, fault.NotFound):
		return Visit{}, notSignedIn(op)
	case err != nil:
		return Visit{}, err
	}
	return found, nil
}

// admit returns a session that was found as one that is used now, from a client; Unauthenticated if it is over.
func (s *Service) admit(ctx context.Context, op string, digest Digest, found Signed, from Client) (Signed, error) {
	now := s.settings.Now()
	if s.settings.Ends.isOver(found.Session, now) {
		return Signed{}, notSignedIn(op)
	}
	if now.Sub(found.Session.Used) >= touchAfter {
		from = from.tidy()
		if err := s.store.Touch(ctx, digest, now, from.Address); err != nil && !errors.Is(err, fault.Unavailable) {
			return Signed{}, err // one that cannot be written down now is, with a later page
		}
		found.Session.Used, found.Session.Client.Address = now, from.Address
	}
	return found, nil
}
