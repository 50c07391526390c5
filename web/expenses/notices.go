package expenses

import (
	"context"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/words"
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
		knownStored  words.Phrase = "This was added before, and is stored once: %s, %s."
		knownDeleted words.Phrase = "This was added before, and deleted since: %s, %s."
		deletedSince words.Phrase = "This was deleted since: %s, %s." // it had been sent before, and the deletion came after it
	)
	return notices{
		added:    board.Register("added", a.describe("Added %s, %s.", deletedSince)),
		known:    board.Register("known", a.describe(knownStored, knownDeleted)),
		saved:    board.Register("saved", a.describe("Saved %s, %s.", deletedSince)),
		deleted:  board.Register("deleted", a.describe("", "Deleted %s, %s.")),
		restored: board.Register("restored", a.describe("Brought back %s, %s.", deletedSince)),
	}
}

// describe returns the words for what happened to an expense, if it is there, and if it is deleted. Where there are none, nothing is said.
func (a *Area) describe(stored, deleted words.Phrase) notice.Describe {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
		e, err := a.service.Get(ctx, actor, expense.ID(id))
		if err != nil {
			return nil, err
		}
		category := string(e.Category.Name)
		switch {
		case e.Deleted:
			undo := expenseAddress(e.ID) + "/restore"
			return &notice.Notice{Text: in.T(deleted, category, e.Price), Undo: undo, Revision: e.Seen().String()}, nil
		case stored != "":
			return &notice.Notice{Text: in.T(stored, category, e.Price)}, nil
		}
		return nil, nil
	}
}
