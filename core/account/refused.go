package account

import (
	"context"
	"errors"
	"sync"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// refusedEvery is how often tries on one account that come too often are written down at most, whatever their number is.
const refusedEvery = time.Minute

// refusals counts the tries that came too often and are not written down yet, so that a flood of them is few writes. What it has when the
// program is killed is lost; see WriteDown.
type refusals struct {
	lock sync.Mutex
	of   map[ledger.UserID]*refusal // bounded by the accounts that there are; 0 for names that nobody has
}

// refusal is what one account has.
type refusal struct {
	event   Event // what is still to be written; nothing if its Count is 0
	written time.Time
}

// count counts a try and returns what is to be written down now.
func (r *refusals) count(user ledger.UserID, now time.Time) (due []Event) {
	r.lock.Lock()
	defer r.lock.Unlock()
	of := r.of[user]
	if of == nil {
		if r.of == nil {
			r.of = make(map[ledger.UserID]*refusal)
		}
		of = &refusal{}
		r.of[user] = of
	}
	if of.event.Count > 0 && FoldOf(of.event.At) != FoldOf(now) {
		due = append(due, of.take())
	}
	if of.event.Count == 0 {
		of.event = Event{At: now, Kind: EventRefused, User: user}
	}
	of.event.Count++
	of.event.Last = now
	if ago := now.Sub(of.written); ago >= refusedEvery || ago < 0 {
		due = append(due, of.take())
		of.written = now
	}
	return due
}

func (r *refusal) take() Event {
	taken := r.event
	r.event.Count = 0
	return taken
}

// all returns all that is to be written down, and forgets it.
func (r *refusals) all() (due []Event) {
	r.lock.Lock()
	defer r.lock.Unlock()
	for _, of := range r.of {
		if of.event.Count > 0 {
			due = append(due, of.take())
		}
	}
	return due
}

// throttleOf is throttle for tries on a user's account, 0 for a name that nobody has. Those that are refused are counted for the journal.
func (s *Service) throttleOf(ctx context.Context, op string, user ledger.UserID, charges ...Charge) error {
	err := s.throttle(ctx, op, charges...)
	if errors.Is(err, fault.Throttled) {
		s.writeRefused(ctx, s.refused.count(user, s.settings.Now()))
	}
	return err
}

// WriteDown writes what was counted for the journal and not written yet: before the program ends, and before anybody reads.
func (s *Service) WriteDown(ctx context.Context) { s.writeRefused(ctx, s.refused.all()) }

// writeRefused writes events. What cannot be written down keeps nobody from what they do.
func (s *Service) writeRefused(ctx context.Context, events []Event) {
	for _, e := range events {
		_ = s.store.Fail(ctx, e, "")
	}
}
