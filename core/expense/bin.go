package expense

import (
	"context"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
)

// BinDays is how many days after its deletion an expense can be brought back. Then it is gone for good.
const BinDays = 30

// What one batch of emptying the bin may be: between two, whoever else writes has a turn.
const (
	purgeBatch   = 100
	purgeTimeout = 20 * time.Second
)

// BinStore keeps what was deleted and what was changed.
type BinStore interface {
	// Bin returns at most query.Limit deleted expenses, the newest deletion first.
	Bin(ctx context.Context, in ledger.ID, query BinQuery) ([]Binned, error)
	// Purge takes for good at most limit expenses that were deleted before a moment, the oldest deletions first, with all that is known
	// of what they were, and returns how many. Their keys stay known: an add that comes again with one is a duplicate of an expense that
	// is Gone. Get and Change find none of them. Instances that purge at the same time share the work.
	Purge(ctx context.Context, in ledger.ID, before time.Time, limit int) (int, error)
	// Forget removes at most limit deleted expenses of the ledger of the program's own probe, the oldest deletions first, with all that is
	// known of them, their keys too, and with totals that are down to nothing. It returns how many it removed. In a ledger of people it is
	// Forbidden.
	Forget(ctx context.Context, in ledger.ID, limit int) (int, error)
	// History returns at most query.Limit revisions of an expense, the newest first. An expense that was never changed has none, and
	// what versions before this one changed is not known.
	History(ctx context.Context, in ledger.ID, id ID, query HistoryQuery) ([]Revision, error)
}

// Binned is a deleted expense.
type Binned struct {
	Expense
	At time.Time // of the deletion, in microseconds
}

// Until returns the last day on which the expense can be brought back.
func (b Binned) Until(of ledger.Ledger) civil.Date { return of.Today(b.At).AddDays(BinDays) }

// Position returns where the expense stands in the bin.
func (b Binned) Position() BinPosition { return BinPosition{b.At, b.ID} }

// BinPosition is a place in the bin, which is ordered by deletion and then by ID, newest first.
type BinPosition struct {
	At time.Time
	ID ID
}

// BinQuery asks for a stretch of the bin, as ListQuery does of the list.
type BinQuery struct {
	Before *BinPosition
	After  *BinPosition
	Limit  int
}

// BinPage is a stretch of the bin, the newest deletion first.
type BinPage struct {
	Expenses []Binned
	Newer    *BinPosition // where the newer page ends; nil if there is none
	Older    *BinPosition // where the older page starts; nil if there is none
}

// Bin returns a page of the deleted expenses: the newest, or those next to a position. At most one is given.
func (s *Service) Bin(ctx context.Context, actor ledger.Actor, before, after *BinPosition) (BinPage, error) {
	const op = "expense.Bin"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return BinPage{}, err
	}
	for _, p := range [...]*BinPosition{before, after} {
		if p != nil && (p.ID <= 0 || p.At.Year() < firstYear || p.At.Year() > lastYear) {
			return BinPage{}, errNoPlace(op)
		}
	}
	size := s.settings.PageSize
	found, err := s.store.Bin(ctx, actor.Ledger.ID, BinQuery{Before: before, After: after, Limit: size + 1})
	if err != nil {
		return BinPage{}, err
	}
	var page BinPage
	page.Expenses, page.Newer, page.Older = cutPage(found, size, before, after, Binned.Position)
	return page, nil
}

// EmptyBin takes for good what was deleted longer than BinDays ago, in small batches, and returns how many expenses that were. Any
// number of instances may do so at once.
func (s *Service) EmptyBin(ctx context.Context, actor ledger.Actor) (purged int, err error) {
	if err := actor.Require(ledger.Editor, "expense.EmptyBin"); err != nil {
		return 0, err
	}
	oldest := actor.Ledger.StartOf(s.Today(actor).AddDays(-BinDays))
	for ctx.Err() == nil {
		n, err := s.purge(ctx, actor.Ledger.ID, oldest)
		purged += n
		if err != nil || n < purgeBatch {
			return purged, err
		}
	}
	return purged, ctx.Err()
}

func (s *Service) purge(ctx context.Context, in ledger.ID, before time.Time) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, purgeTimeout)
	defer cancel()
	return s.store.Purge(ctx, in, before, purgeBatch)
}

// NoDay is the spending date of an expense that is Gone.
func NoDay() civil.Date { return civil.Date{Year: firstYear, Month: time.January, Day: 1} }
