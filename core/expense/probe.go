package expense

import (
	"context"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// ProbeKept is how many expenses of the probe's ledger are kept, the newest: those of eight hours, and so many more than are read back.
const ProbeKept = 1000

// TidyProbe removes all but the newest ProbeKept expenses of the probe's ledger, in small batches, and returns how many those were. Any
// number of instances may do so at once.
func (s *Service) TidyProbe(ctx context.Context, actor ledger.Actor) (removed int, err error) {
	const op = "expense.TidyProbe"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return 0, err
	}
	if actor.Ledger.ID != ledger.Probe {
		return 0, NotForgotten(op)
	}
	for ctx.Err() == nil {
		n, err := s.tidyProbe(ctx, actor)
		removed += n
		if err != nil || n == 0 {
			return removed, err
		}
	}
	return removed, ctx.Err()
}

// tidyProbe deletes what is too old, which moves the totals as any deletion does, and removes what is deleted.
func (s *Service) tidyProbe(ctx context.Context, actor ledger.Actor) (removed int, err error) {
	ctx, cancel := context.WithTimeout(ctx, purgeTimeout)
	defer cancel()
	listed, err := s.store.List(ctx, actor.Ledger.ID, ListQuery{Limit: ProbeKept + purgeBatch})
	if err != nil {
		return 0, err
	}
	if len(listed) > ProbeKept {
		var picks []Pick
		for _, e := range listed[ProbeKept:] {
			picks = append(picks, Pick{ID: e.ID, Saw: e.Seen()})
		}
		// Another instance may have been faster: then it removes these.
		if _, err := s.DeleteSeveral(ctx, actor, picks); err != nil && fault.KindOf(err) != fault.Conflict {
			return 0, err
		}
	}
	return s.store.Forget(ctx, actor.Ledger.ID, purgeBatch)
}

// NotForgotten is the error for a ledger of people, of which nothing is forgotten.
func NotForgotten(op string) error {
	return fault.New(fault.Forbidden, op, "")
}
