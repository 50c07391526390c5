package categories

import (
	"context"
	"strconv"
	"strings"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// register makes the area's changes, with the notices that say what they did.
func (a *Area) register(board *notice.Board) {
	const (
		renamed   words.Phrase = "Renamed to %s."
		looks     words.Phrase = "%s has its new look."
		archived  words.Phrase = "Archived %s: it is not suggested any more."
		suggested words.Phrase = "%s is back among the suggestions."
		undone    words.Phrase = "%s is as it was before."
	)
	a.renaming = change{form: expense.FieldCategory, happened: board.Register("renamed", a.describe(renamed, "/undo"))}
	a.looking = change{form: expense.FieldIcon, happened: board.RegisterFrom("looks", a.describeLook(looks))}
	a.merging = change{form: expense.FieldInto, happened: board.Register("merged", a.describeMerge)}
	a.archiving = change{happened: board.Register("archived", a.describe(archived, "/restore"))}
	a.restoring = change{happened: board.Register("unarchived", a.describe(suggested, "/archive"))}
	a.removing = change{happened: board.RegisterFrom("removed", sayRemoved)}
	a.undoing = change{happened: board.Register("asbefore", a.describe(undone, ""))}
}

// describe returns the words for what happened to a category, and where a POST undoes it; nowhere if that is empty.
func (a *Area) describe(what words.Phrase, undo string) notice.Describe {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
		summary, err := a.service.Category(ctx, actor, expense.CategoryID(id))
		if err != nil {
			return nil, err
		}
		tile := row.TileOf(summary.Category)
		said := &notice.Notice{Text: in.T(what, string(summary.Category.Name)), Tile: &tile}
		if undo != "" {
			said.Undo, said.Revision = address.Category(summary.Category.ID)+undo, summary.Seen().String()
		}
		return said, nil
	}
}

// lookBefore is what an undo of a new look has to know: the revision that gave it, and the look that there was.
func lookBefore(of expense.Category, saw revision.Seen) string {
	return strings.Join([]string{madeFrom(saw), string(of.Colour), of.Icon}, " ")
}

// madeFrom is the revision that a change makes of what its author saw.
func madeFrom(saw revision.Seen) string { return revision.At(saw.Revision + 1).String() }

// describeLook says that a category looks otherwise, and offers the look that it had, unless somebody has changed the category since: their
// change would go with it.
func (a *Area) describeLook(what words.Phrase) notice.DescribeFrom {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64, was string) (*notice.Notice, error) {
		said, err := a.describe(what, "/look")(ctx, in, actor, id)
		if err != nil {
			return nil, err
		}
		now, err := revision.Parse(said.Revision)
		const parts = 3
		before := strings.SplitN(was, " ", parts)
		if err != nil || len(before) != parts || before[0] != revision.At(now.Revision).String() {
			said.Undo = ""
			return said, err
		}
		said.Fields = []notice.Field{{Name: expense.FieldColour, Value: before[1]}, {Name: expense.FieldIcon, Value: before[2]}}
		return said, nil
	}
}

// describeMerge says what was merged into what, and offers to take it back.
func (a *Area) describeMerge(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
	const merged words.Phrase = "Merged %s into %s."
	found, err := a.service.MergedCategory(ctx, actor, expense.CategoryID(id))
	if err != nil {
		return nil, err
	}
	tile := row.TileOf(found.Left)
	return &notice.Notice{
		Text: in.T(merged, string(found.Away.Name), string(found.Left.Name)), Tile: &tile,
		Undo: address.Category(found.Away.ID) + "/undo", Revision: found.Seen().String(),
	}, nil
}

// removedFrom is what an undo of a removal has to know: the ledger, and the revision that removed the category.
func removedFrom(in ledger.ID, saw revision.Seen) string {
	return strconv.FormatInt(int64(in), 10) + " " + madeFrom(saw)
}

// sayRemoved says that a category is gone, and offers to bring it back to who may, from the revision that removed it. There is nothing
// left to look up, so of another ledger, to which its reader went meanwhile, there is nothing to undo.
func sayRemoved(_ context.Context, in *words.Language, actor ledger.Actor, id int64, was string) (*notice.Notice, error) {
	const gone words.Phrase = "The category was removed. It comes back with the next expense of its name."
	said := &notice.Notice{Text: in.T(gone)}
	from, made, known := strings.Cut(was, " ")
	if known && from == strconv.FormatInt(int64(actor.Ledger.ID), 10) && actor.Role >= ledger.Editor {
		said.Undo, said.Revision = address.Category(expense.CategoryID(id))+"/undo", made
	}
	return said, nil
}
