package expenses

import (
	"context"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/notice"
)

// notices are what can happen to an expense.
type notices struct {
	added    notice.Kind
	known    notice.Kind // sent twice, stored once
	saved    notice.Kind
	deleted  notice.Kind
	restored notice.Kind
}

func (a *Area) registerNotices(board *notice.Board) notices {
	const (
		knownStored  = "This was added before, and is stored once: "
		knownDeleted = "This was added before, and deleted since: "
		deletedSince = "This was deleted since: " // it had been sent before, and the deletion came after it
	)
	return notices{
		added:    board.Register("added", a.describe("Added ", deletedSince)),
		known:    board.Register("known", a.describe(knownStored, knownDeleted)),
		saved:    board.Register("saved", a.describe("Saved ", deletedSince)),
		deleted:  board.Register("deleted", a.describe("", "Deleted ")),
		restored: board.Register("restored", a.describe("Brought back ", deletedSince)),
	}
}

// describe returns the words for what happened to an expense, if it is there, and if it is deleted. Where there are none, nothing is said.
func (a *Area) describe(stored, deleted string) notice.Describe {
	return func(ctx context.Context, actor ledger.Actor, id int64) (*notice.Notice, error) {
		e, err := a.service.Get(ctx, actor, expense.ID(id))
		if err != nil {
			return nil, err
		}
		what := string(e.Category.Name) + ", " + e.Price.Format() + "."
		switch {
		case e.Deleted:
			undo := expenseAddress(e.ID) + "/restore"
			return &notice.Notice{Text: deleted + what, Undo: undo, Revision: e.Seen().String()}, nil
		case stored != "":
			return &notice.Notice{Text: stored + what}, nil
		}
		return nil, nil
	}
}
