package budget

import (
	"context"

	"expense-tracker/core/ledger"
)

// Ahead is a budget that does not count yet, with the first of its terms that will.
type Ahead struct {
	Category CategoryID
	Term     Term
}

// Ahead returns the budgets that do not count this month and will in a later one, ordered by category.
func (s *Service) Ahead(ctx context.Context, actor ledger.Actor) ([]Ahead, error) {
	if err := actor.Require(ledger.Viewer, "budget.Ahead"); err != nil {
		return nil, err
	}
	month := s.Today(actor).MonthOf()
	all, err := s.store.List(ctx, actor.Ledger.ID, month, month.AddMonths(MaxAhead))
	if err != nil {
		return nil, err
	}
	var ahead []Ahead
	for _, b := range all {
		if _, now := b.In(month); now {
			continue
		}
		for _, term := range b.Later(month) {
			if !term.IsEnd() {
				ahead = append(ahead, Ahead{b.Category, term})
				break
			}
		}
	}
	return ahead, nil
}
