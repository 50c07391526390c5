package expense

import (
	"context"
	"errors"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// SearchPlace says where a page of a search stands, as ListQuery does: at most one of its fields is set.
type SearchPlace struct {
	Before, After *Position
}

// SearchPage is a page of what a search finds.
type SearchPage struct {
	Page
	Found
	Filter     Filter
	Categories []Category // that the search names and that are there
}

// Search returns a page of what a draft finds, with the exact count and totals of all that it finds. It is Invalid with a violation for
// every field that is wrong, and NotFound at a place where no expense can stand.
func (s *Service) Search(ctx context.Context, actor ledger.Actor, draft SearchDraft, place SearchPlace) (SearchPage, error) {
	const op = "expense.Search"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return SearchPage{}, err
	}
	if !mayBePlace(place.Before) || !mayBePlace(place.After) {
		return SearchPage{}, errNoPlace(op)
	}
	asked, err := s.parseSearch(ctx, op, actor, draft)
	if err != nil {
		return SearchPage{}, err
	}
	page := SearchPage{Filter: asked.filter, Categories: asked.categories}
	if !asked.finds {
		return page, nil
	}
	query := SearchQuery{Filter: asked.filter, ListQuery: ListQuery{Before: place.Before, After: place.After, Limit: s.settings.PageSize + 1}}
	if page.Found, err = s.store.Search(ctx, actor.Ledger.ID, query); err != nil {
		return SearchPage{}, asShown(op, tooWide(op, err))
	}
	page.Page = s.cut(query.ListQuery, page.Found.Expenses)
	return page, nil
}

// tooWide says of a search that ran out of time what may help. It is told so of a storage that hangs, too: trying again is right for both.
func tooWide(op string, err error) error {
	var f *fault.Error
	if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &f) || f.Kind != fault.Unavailable || !f.Message.IsEmpty() {
		return err
	}
	return &fault.Error{
		Kind: fault.Unavailable, Op: op, RetryAfter: f.RetryAfter, Err: err,
		Message: fault.Say("the search took too long; try again, or narrow it: by days, by a category or with another word"),
	}
}

// passes is how often EachFound goes through what it finds at most.
const passes = 2

// EachFound hands what a draft finds to visit, newest first, in bounded batches, each expense once. One whose date changes meanwhile may
// come twice in the list, or not at all; so what was handed over is left out, and if the ledger has changed, what was not is looked for
// again and comes last. Then batches may be empty.
func (s *Service) EachFound(ctx context.Context, actor ledger.Actor, draft SearchDraft, visit func([]Expense) error) error {
	const op = "expense.EachFound"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return err
	}
	asked, err := s.parseSearch(ctx, op, actor, draft)
	if err != nil || !asked.finds {
		return err
	}
	in, handed := actor.Ledger.ID, make(idSet)
	before, err := s.store.State(ctx, in)
	if err != nil {
		return err
	}
	for range passes {
		err := s.store.EachFound(ctx, in, asked.filter, func(batch []Expense) error {
			fresh := make([]Expense, 0, len(batch)) // the storage still needs its own
			for _, e := range batch {
				if handed.add(e.ID) {
					fresh = append(fresh, e)
				}
			}
			return visit(fresh)
		})
		if err != nil {
			return err
		}
		after, err := s.store.State(ctx, in)
		if err != nil || after == before {
			return err
		}
		before = after
	}
	return nil
}

// idSet is a set of expenses, with a bit for each in blocks of 64: a million take a megabyte.
type idSet map[ID]uint64

// add reports whether the expense was not in the set.
func (s idSet) add(id ID) bool {
	block, bit := id/64, uint64(1)<<(id%64)
	if s[block]&bit != 0 {
		return false
	}
	s[block] |= bit
	return true
}
