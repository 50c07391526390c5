package expense

import (
	"context"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// historyPage is how many changes a page of a history has.
const historyPage = 10

// Revision is an expense as a change left it.
type Revision struct {
	Expense
	At time.Time     // of the change, in microseconds; zero if it is not known
	By ledger.UserID // who made the change; 0 if that is not known
}

// HistoryQuery asks for revisions from one downwards.
type HistoryQuery struct {
	From  int // the newest revision to return; 0 for the newest of all
	Limit int
}

// Step is a change of an expense, from what it was to what it became.
type Step struct {
	Before Revision // the zero Revision where the expense was added
	After  Revision
}

// HistoryPage is a stretch of an expense's history, the newest change first. What versions before this one changed is not known.
type HistoryPage struct {
	Steps []Step
	Older int // the revision that the older page starts from; 0 if there is none
}

// History returns a page of what happened to an expense, from the change on that made a revision, or the newest for 0. An expense that
// was never changed has none.
func (s *Service) History(ctx context.Context, actor ledger.Actor, id ID, from int) (HistoryPage, error) {
	if err := actor.Require(ledger.Viewer, "expense.History"); err != nil {
		return HistoryPage{}, err
	}
	found, err := s.store.History(ctx, actor.Ledger.ID, id, HistoryQuery{From: from, Limit: historyPage + 1})
	if err != nil {
		return HistoryPage{}, err
	}
	var page HistoryPage
	for i, after := range found {
		switch {
		case i == historyPage:
			page.Older = after.Revision
		case i+1 < len(found):
			page.Steps = append(page.Steps, Step{Before: found[i+1], After: after})
		case after.Revision == 1:
			page.Steps = append(page.Steps, Step{After: after})
		}
	}
	return page, nil
}

// revisionOf returns an expense as it was at a revision, or false if that is not known.
func (s *Service) revisionOf(ctx context.Context, in ledger.ID, id ID, number int) (Expense, bool, error) {
	if number < 1 {
		return Expense{}, false, nil
	}
	found, err := s.store.History(ctx, in, id, HistoryQuery{From: number, Limit: 1})
	if err != nil || len(found) == 0 || found[0].Revision != number {
		return Expense{}, false, err
	}
	return found[0].Expense, true, nil
}

// Undo takes an expense back to what it was before the change that made what the actor saw. It is itself a change, which can be undone.
// It is a Conflict if the expense was changed since, or if it is not known what it was.
func (s *Service) Undo(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen) (Expense, error) {
	const op = "expense.Undo"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Expense{}, err
	}
	before, known, err := s.revisionOf(ctx, actor.Ledger.ID, id, saw.Revision-1)
	if err != nil {
		return Expense{}, err
	}
	return s.store.Change(ctx, actor.Ledger.ID, id, s.undoing(actor, saw), func(e Expense) (Expense, error) {
		if saw.IsOther(e.Seen()) {
			return Expense{}, Stale(op, e)
		}
		if !known {
			return Expense{}, notKnown(op)
		}
		return before, nil
	})
}

// undoing is the basis of an undo.
func (s *Service) undoing(actor ledger.Actor, saw revision.Seen) revision.Basis {
	return s.basis(actor, saw.Revision, idempotency.FingerprintOf("undo"))
}

func notKnown(op string) error {
	return fault.New(fault.Conflict, op, "it is not known any more what this expense was before")
}

// basis returns the basis of a change that an actor makes now.
func (s *Service) basis(actor ledger.Actor, saw int, what idempotency.Fingerprint) revision.Basis {
	return revision.Basis{Revision: saw, Fingerprint: what, At: s.settings.Now(), By: actor.User}
}
