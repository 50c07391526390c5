package expenses

import (
	"context"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// notices are what can happen to an expense.
type notices struct {
	added    notice.Kind
	known    notice.Kind // sent twice, stored once
	saved    notice.Kind
	deleted  notice.Kind
	restored notice.Kind
	merged   notice.Kind // saved, with what somebody else changed
	undone   notice.Kind
	gone     notice.Kind // sent twice, and deleted for good
}

func (a *Area) registerNotices(board *notice.Board) notices {
	const (
		knownStored   words.Phrase = "This was added before, and is stored once: %s, %s."
		knownDeleted  words.Phrase = "This was added before, and deleted since: %s, %s."
		savedTogether words.Phrase = "Saved %s, %s, with what somebody else has changed meanwhile."
		deletedSince  words.Phrase = "This was deleted since: %s, %s." // it had been sent before, and the deletion came after it
	)
	return notices{
		added:    board.Register("added", a.undoable("/delete", a.describe("Added %s, %s.", deletedSince))),
		known:    board.Register("known", a.describe(knownStored, knownDeleted)),
		saved:    board.Register("saved", a.undoable("/undo", a.describe("Saved %s, %s.", deletedSince))),
		deleted:  board.Register("deleted", a.describe("", "Deleted %s, %s.")),
		restored: board.Register("restored", a.describe("Brought back %s, %s.", deletedSince)),
		merged:   board.Register("together", a.undoable("/undo", a.describe(savedTogether, deletedSince))),
		undone:   board.Register("undone", a.undoable("/undo", a.describe("As it was before: %s, %s.", deletedSince))),
		gone:     board.Register("gone", sayGone),
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
			undo := row.Address(e.ID) + "/restore"
			return &notice.Notice{Text: in.T(deleted, category, e.Spent()), Undo: undo, Revision: e.Seen().String()}, nil
		case stored == "":
			return nil, nil
		}
		tile := row.TileOf(e.Category)
		said := &notice.Notice{
			Text: in.T(stored, category, e.Spent()), Edit: row.Address(e.ID), Repeat: address.RepeatOf(e.ID), Tile: &tile,
			Row: int64(e.ID), Keep: notice.Keep{Date: e.Date.String(), Currency: e.Price.Currency().Code()},
		}
		said.Detail, said.Far = a.dayOf(in, actor, e)
		return said, nil
	}
}

// dayOf says the day of an expense, and where to change one that looks like a slip of the finger.
func (a *Area) dayOf(in *words.Language, actor ledger.Actor, e expense.Expense) (said, change string) {
	const (
		inFuture words.Phrase = "%s, which is in the future."
		longAgo  words.Phrase = "%s, which is more than a year back."
	)
	today := a.service.Today(actor)
	switch {
	case e.Date.Compare(today) > 0:
		return in.T(inFuture, e.Date), row.Address(e.ID) + "#date"
	case e.Date.AddDays(366).Compare(today) < 0:
		return in.T(longAgo, e.Date), row.Address(e.ID) + "#date"
	}
	return in.Day(e.Date, today), ""
}

// sayGone says that an expense was added before, of which nothing is left.
func sayGone(_ context.Context, in *words.Language, _ ledger.Actor, _ int64) (*notice.Notice, error) {
	const knownGone words.Phrase = "This was added before, and deleted for good since. To store it once more, type it anew."
	return &notice.Notice{Text: in.T(knownGone)}, nil
}

// undoable adds to a notice the way back.
func (a *Area) undoable(how string, of notice.Describe) notice.Describe {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
		said, err := of(ctx, in, actor, id)
		if err != nil || said == nil || said.Undo != "" {
			return said, err
		}
		e, err := a.service.Get(ctx, actor, expense.ID(id))
		if err != nil {
			return nil, err
		}
		said.Undo, said.Revision = row.Address(e.ID)+how, e.Seen().String()
		return said, nil
	}
}
