package member

import (
	"context"
	"time"

	"expense-tracker/core/ledger"
)

// Place returns a user as who asks in a ledger, as Actor does, and since when the user has been in it.
func (s *Service) Place(ctx context.Context, user ledger.UserID, in ledger.ID) (actor ledger.Actor, since time.Time, err error) {
	found, err := s.store.Membership(ctx, in, user)
	if err != nil {
		return ledger.Actor{}, time.Time{}, err
	}
	return found.Actor(), found.Since, nil
}
