package schedule

import (
	"context"
	"slices"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
	"expense-tracker/core/text"
)

// Settings are what a Service needs to know of the installation it works for.
type Settings struct {
	Now     func() time.Time       // the clock
	NewKey  func() idempotency.Key // makes the key of a creation that brings none
	Changed func()                 // told after each change of a schedule; may be nil
}

// Service holds the use cases of schedules. Each takes an actor and checks its role before anything else.
type Service struct {
	store    Store
	expenses Expenses
	settings Settings
}

// NewService returns a Service on the storage, which makes expenses through another module.
func NewService(store Store, expenses Expenses, settings Settings) *Service {
	if settings.Changed == nil {
		settings.Changed = func() {}
	}
	return &Service{store: store, expenses: expenses, settings: settings}
}

// Today returns the day that it is for the people of the actor's ledger.
func (s *Service) Today(actor ledger.Actor) civil.Date { return actor.Ledger.Today(s.settings.Now()) }

// Create stores a draft as a new schedule, once for its key. There may be expenses already up to a day, whose dates are not made again;
// zero for none. It returns an Invalid fault that names every wrong field.
func (s *Service) Create(ctx context.Context, actor ledger.Actor, draft Draft, there civil.Date) (Schedule, error) {
	const op = "schedule.Create"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Schedule{}, err
	}
	made, err := s.parse(ctx, op, actor, draft, Schedule{})
	if err != nil {
		return Schedule{}, err
	}
	key := s.settings.NewKey
	if draft.Key != "" {
		given, err := idempotency.ParseKey(draft.Key)
		if err != nil {
			return Schedule{}, fault.At(op, FieldKey, err)
		}
		key = func() idempotency.Key { return given }
	}
	made.Progress.To = beforeStart(made.Rule)
	if there.Compare(made.Progress.To) > 0 {
		made.Progress.To = there
	}
	created, err := s.store.Create(ctx, actor.Ledger.ID, Entry{
		Key: key(), Fingerprint: draft.fingerprint(), Schedule: made, CreatedAt: s.settings.Now(),
	})
	return s.told(created, err)
}

// beforeStart is the progress of a schedule that has made nothing.
func beforeStart(r Rule) civil.Date { return r.Start.AddDays(-1) }

// parse understands a draft. The start that a schedule has already may lie as far back as it does, and its payer may stay.
func (s *Service) parse(ctx context.Context, op string, actor ledger.Actor, draft Draft, had Schedule) (Schedule, error) {
	rule, wrong := parseRule(draft, s.Today(actor))
	if !rule.Start.IsZero() && rule.Start != had.Rule.Start {
		wrong.check(FieldStart, checkStart(rule.Start, s.Today(actor)))
	}
	spending, err := s.expenses.Check(ctx, actor, draft.Typed, had.Spending.PaidBy)
	if err := wrong.with(err); err != nil {
		return Schedule{}, err
	}
	if err := wrong.orNil(op); err != nil {
		return Schedule{}, err
	}
	return Schedule{Rule: rule, Spending: spending}, nil
}

// told tells whoever makes what is due of a change.
func (s *Service) told(changed Schedule, err error) (Schedule, error) {
	if err != nil {
		return Schedule{}, err
	}
	s.settings.Changed()
	return changed, nil
}

// Get returns a schedule.
func (s *Service) Get(ctx context.Context, actor ledger.Actor, id ID) (Schedule, error) {
	if err := actor.Require(ledger.Viewer, "schedule.Get"); err != nil {
		return Schedule{}, err
	}
	return s.store.Get(ctx, actor.Ledger.ID, id)
}

// endedShown is how many ended schedules a list shows.
const endedShown = 50

// Live returns the schedules that have not ended, active and paused, the oldest first. There are MaxLive at most.
func (s *Service) Live(ctx context.Context, actor ledger.Actor) ([]Schedule, error) {
	if err := actor.Require(ledger.Viewer, "schedule.Live"); err != nil {
		return nil, err
	}
	return s.store.List(ctx, actor.Ledger.ID, Query{Limit: MaxLive})
}

// Ended returns the newest schedules that have ended, a bounded number of them.
func (s *Service) Ended(ctx context.Context, actor ledger.Actor) ([]Schedule, error) {
	if err := actor.Require(ledger.Viewer, "schedule.Ended"); err != nil {
		return nil, err
	}
	return s.store.List(ctx, actor.Ledger.ID, Query{Ended: true, Limit: endedShown})
}

// Edit replaces what a schedule says by the draft, whose key is not used. What was made stays as it is. The draft's price counts from
// the next date on; prices that were to come later still do, if they are in the same currency.
func (s *Service) Edit(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen, draft Draft) (Schedule, error) {
	const op = "schedule.Edit"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Schedule{}, err
	}
	had, err := s.store.Get(ctx, actor.Ledger.ID, id)
	if err != nil {
		return Schedule{}, err
	}
	edited, err := s.parse(ctx, op, actor, draft, had)
	if err != nil {
		return Schedule{}, err
	}
	return s.change(ctx, op, actor, id, saw, draft.fingerprint("edit"), func(now Schedule) (Schedule, error) {
		if now.Progress.Made == 0 && now.Progress.To == beforeStart(now.Rule) {
			now.Progress.To = beforeStart(edited.Rule)
		}
		if edited.Spending.Price.Currency() != now.Spending.Price.Currency() {
			now.Prices = nil
		}
		if edited.Spending.Category != now.Spending.Category {
			now.Progress.Category = 0 // it was chosen anew
		}
		now.Rule, now.Spending = edited.Rule, edited.Spending
		return now, nil
	})
}

// change stores what revise makes of a schedule as its author saw it.
func (s *Service) change(ctx context.Context, op string, actor ledger.Actor, id ID, saw revision.Seen,
	what idempotency.Fingerprint, revise func(Schedule) (Schedule, error)) (Schedule, error) {
	basis := revision.Basis{Revision: saw.Revision, Fingerprint: what}
	return s.told(s.store.Change(ctx, actor.Ledger.ID, id, basis, func(now Schedule) (Schedule, error) {
		if saw.IsOther(now.Seen()) {
			return Schedule{}, Stale(op)
		}
		return revise(now.tidied())
	}))
}

// Pause makes a schedule rest from today on. What fell due before is still made.
func (s *Service) Pause(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen) (Schedule, error) {
	const op = "schedule.Pause"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Schedule{}, err
	}
	today := s.Today(actor)
	return s.change(ctx, op, actor, id, saw, idempotency.FingerprintOf("pause"), func(now Schedule) (Schedule, error) {
		if _, paused := now.PausedOn(); paused {
			return Schedule{}, fault.New(fault.Conflict, op, "this repeat is paused already")
		}
		return now.withGap(Gap{From: today}), nil // what is skipped later on stays skipped if the pause ends before
	})
}

// Resume ends a pause. What would have fallen due during it is not made.
func (s *Service) Resume(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen) (Schedule, error) {
	const op = "schedule.Resume"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Schedule{}, err
	}
	today := s.Today(actor)
	return s.change(ctx, op, actor, id, saw, idempotency.FingerprintOf("resume"), func(now Schedule) (Schedule, error) {
		pause := now.pause()
		if pause < 0 {
			return Schedule{}, fault.New(fault.Conflict, op, "this repeat is not paused")
		}
		if now.Gaps[pause].From.Compare(today) >= 0 {
			now.Gaps = slices.Delete(now.Gaps, pause, pause+1)
		} else {
			now.Gaps[pause].To = today
		}
		return now, nil
	})
}

// Skip leaves out one date, the next that is to come. It is a Conflict if that is not the one that was seen: it may have been made since.
func (s *Service) Skip(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen) (Schedule, error) {
	const op = "schedule.Skip"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Schedule{}, err
	}
	return s.change(ctx, op, actor, id, saw, idempotency.FingerprintOf("skip"), func(now Schedule) (Schedule, error) {
		next, ok := now.NextDue()
		switch {
		case !ok:
			return Schedule{}, fault.New(fault.Conflict, op, "this repeat has no date that could be skipped")
		case saw.SawOtherBeside(now.nextSeen()):
			return Schedule{}, Stale(op)
		case len(now.Gaps) >= MaxChanges:
			return Schedule{}, fault.New(fault.Conflict, op, "at most %d dates can be skipped in advance; pause it instead", MaxChanges)
		}
		return now.withGap(Gap{From: next, To: next.AddDays(1)}), nil
	})
}

// Unskip makes a date that was to be skipped fall due again, such as 2026-12-01. It is a Conflict if that date is not skipped, or has
// passed.
func (s *Service) Unskip(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen, day string) (Schedule, error) {
	const op = "schedule.Unskip"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Schedule{}, err
	}
	return s.change(ctx, op, actor, id, saw, idempotency.FingerprintOf("unskip", day), func(now Schedule) (Schedule, error) {
		skips := now.Skips()
		i := slices.IndexFunc(skips, func(skip civil.Date) bool { return skip.String() == day })
		if i < 0 {
			return Schedule{}, fault.New(fault.Conflict, op, "this date is not skipped any more")
		}
		skipped := Gap{From: skips[i], To: skips[i].AddDays(1)}
		now.Gaps = slices.DeleteFunc(slices.Clone(now.Gaps), func(g Gap) bool { return g == skipped })
		return now, nil
	})
}

// SetPrice gives a schedule another price from a day on, which is today or later. It is Invalid at the field that is wrong.
func (s *Service) SetPrice(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen, from, price string) (Schedule, error) {
	const op = "schedule.SetPrice"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Schedule{}, err
	}
	return s.change(ctx, op, actor, id, saw, idempotency.FingerprintOf("price", from, price), func(now Schedule) (Schedule, error) {
		var wrong violations
		amount, err := money.ParsePrice(text.WithoutDirections(price), now.Spending.Price.Currency())
		wrong.check(FieldPrice, err)
		day, err := parseDay(from, s.Today(actor))
		wrong.check(FieldFrom, err)
		if err == nil && day.Compare(now.Progress.To) <= 0 {
			wrong.check(FieldFrom, fault.Refuse("expenses up to %s are there already; edit those", now.Progress.To.String()))
		}
		if err := wrong.orNil(op); err != nil {
			return Schedule{}, err
		}
		if now = now.withPrice(PriceFrom{From: day, Price: amount}); len(now.Prices) > MaxChanges {
			return Schedule{}, fault.New(fault.Conflict, op, "at most %d amounts can be set in advance", MaxChanges)
		}
		return now, nil
	})
}

// End makes a schedule fall due never again, from today on. What fell due before is still made.
func (s *Service) End(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen) (Schedule, error) {
	const op = "schedule.End"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Schedule{}, err
	}
	today := s.Today(actor)
	yesterday := today.AddDays(-1)
	return s.change(ctx, op, actor, id, saw, idempotency.FingerprintOf("end"), func(now Schedule) (Schedule, error) {
		if pause := now.pause(); pause >= 0 {
			now.Gaps[pause].To = today
		}
		if now.Rule.End.IsZero() || now.Rule.End.Compare(yesterday) > 0 {
			now.Rule.End = yesterday
		}
		return now, nil
	})
}
