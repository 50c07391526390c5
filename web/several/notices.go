package several

import (
	"context"
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/words"
)

// notices are what can happen to several expenses. The number of each is that of its batch.
type notices struct {
	changed, deleted, restored, undone notice.Kind
	same                               notice.Kind // nothing had to be changed
}

func (a *Area) registerNotices(board *notice.Board) notices {
	return notices{
		changed: board.Register("severalchanged", a.describe(func(in *words.Language, n int64) string {
			return in.N("Changed %d expense.", "Changed %d expenses.", n)
		})),
		deleted: board.Register("severaldeleted", a.describe(func(in *words.Language, n int64) string {
			return in.N("Deleted %d expense.", "Deleted %d expenses.", n)
		})),
		restored: board.Register("severalrestored", a.describe(func(in *words.Language, n int64) string {
			return in.N("Brought back %d expense.", "Brought back %d expenses.", n)
		})),
		undone: board.Register("severalundone", a.describe(func(in *words.Language, n int64) string {
			return in.N("%d expense is as it was before.", "%d expenses are as they were before.", n)
		})),
		same: board.Register("severalsame", saySame),
	}
}

// describe says how many expenses a batch has changed, and offers to take that back.
func (a *Area) describe(say func(in *words.Language, n int64) string) notice.Describe {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, number int64) (*notice.Notice, error) {
		before, err := a.service.SeveralBefore(ctx, actor, expense.BatchNumber(number))
		if err != nil || len(before) == 0 {
			return nil, err
		}
		return &notice.Notice{
			Text: say(in, int64(len(before))), Undo: address.Several + "/" + strconv.FormatInt(number, 10) + "/undo",
		}, nil
	}
}

func saySame(_ context.Context, in *words.Language, _ ledger.Actor, _ int64) (*notice.Notice, error) {
	const same words.Phrase = "They were like that already."
	return &notice.Notice{Text: in.T(same)}, nil
}
