package account

import (
	"context"
	"errors"
	"sync"
	"time"

	"expense-tracker/core/fault"
)

// tidyEvery is how often an instance removes what counts no more at most: each time, all sessions and all tries that are kept are read.
const tidyEvery = 10 * time.Minute

// tidy removes what counts no more. A storage that has no time for that now has it at another sign-in.
func (s *Service) tidy(ctx context.Context) error {
	now := s.settings.Now()
	if !s.tidying.take(now) {
		return nil
	}
	err := s.store.Tidy(ctx, now.Add(-s.settings.Ends.Idle), now.Add(-s.settings.Ends.Max))
	if err == nil {
		err = s.store.TidyEvents(ctx, now.Add(-JournalKept))
	}
	if errors.Is(err, fault.Unavailable) {
		s.tidying.giveBack()
		return nil
	}
	return err
}

// turn is whose turn it is to do what one of many does now and then.
type turn struct {
	lock  sync.Mutex
	taken time.Time // zero if it is anybody's
}

// take reports whether the turn is the caller's: nobody has taken it for as long as tidyEvery, or by a clock that was put back since.
func (t *turn) take(now time.Time) bool {
	t.lock.Lock()
	defer t.lock.Unlock()
	if ago := now.Sub(t.taken); !t.taken.IsZero() && ago >= 0 && ago < tidyEvery {
		return false
	}
	t.taken = now
	return true
}

// giveBack lets the next caller take the turn.
func (t *turn) giveBack() {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.taken = time.Time{}
}
