package sqlexpense

import (
	"context"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// TextSearch is how a database finds text in expenses. Conditions are on e, an expense_entry, or on c, a category; bind takes a value and
// returns its placeholder.
type TextSearch interface {
	// Entries is the table, or a view of the ledger's own rows in it, that is read as e.
	Entries() string
	// Occurs is the condition that a folded text is a part of what e says.
	Occurs(folded string, bind func(any) string) string
	// Tagged is the condition that e has a tag, which is given folded.
	Tagged(folded string, bind func(any) string) string
	// Named is the condition that a folded text is a part of c's name.
	Named(folded string, bind func(any) string) string
	// Among is the condition that e is in one of the many categories that a query finds, and what is joined to e for it. No other query of
	// the statement has the number.
	Among(query string, number int) (condition, join string)
	// ByText stands behind "expense_entry e" where few rows have the text: they are to be looked up, and the ledger not to be read.
	ByText() string
	// InOrder stands behind "expense_entry e" where rows are read in the list's order, those of one category alone or of all.
	InOrder(ofCategory bool) string
	// OfPayer stands behind "expense_entry e" where the rows of a payer are read, which have the list's order too.
	OfPayer() string
	// Gather and Walk are statements that make the transaction plan for what comes next: to look few rows up by whatever index finds
	// them, those of many categories among them, or to read rows in the list's order. Empty for none.
	Gather(many bool) string
	Walk() string
}

// Searcher implements expense.SearchStore.
type Searcher struct {
	store  *Store
	runner *sqlkit.Runner
	texts  TextSearch
}

var _ expense.SearchStore = Searcher{}

// NewSearcher returns the Searcher of a store. It asks through a runner of its own, so that the searches of a ledger leave connections to
// whatever else is asked.
func NewSearcher(of *Store, runner *sqlkit.Runner, texts TextSearch) Searcher {
	return Searcher{of, runner, texts}
}

// Search implements expense.SearchStore.
func (s Searcher) Search(ctx context.Context, in ledger.ID, query expense.SearchQuery) (expense.Found, error) {
	var found expense.Found
	err := s.runner.Snapshot(ctx, "sqlexpense.Search", in, func(ctx context.Context, on sqlkit.Querier) error {
		asked, err := s.understand(ctx, on, in, query.Filter)
		if err != nil {
			return err
		}
		if found, err = s.sum(ctx, on, asked); err != nil {
			return fmt.Errorf("sums: %w", err)
		}
		in := stretchOf(query.ListQuery, found.Months)
		if found.Expenses, err = s.page(ctx, on, asked, found, in, query.ListQuery); err != nil {
			return fmt.Errorf("page: %w", err)
		}
		return nil
	})
	if err != nil {
		return expense.Found{}, err
	}
	return found, nil
}

// EachFound implements expense.SearchStore.
func (s Searcher) EachFound(ctx context.Context, in ledger.ID, filter expense.Filter, visit func([]expense.Expense) error) error {
	var all expense.Found
	err := s.runner.Snapshot(ctx, "sqlexpense.EachFound", in, func(ctx context.Context, on sqlkit.Querier) error {
		asked, err := s.understand(ctx, on, in, filter)
		if err == nil {
			all, err = s.count(ctx, on, asked)
		}
		return err
	})
	if err != nil {
		return err
	}
	query := expense.ListQuery{Limit: expense.SearchBatch}
	for {
		stretch := stretchOf(query, all.Months)
		var batch []expense.Expense
		err := s.runner.Snapshot(ctx, "sqlexpense.EachFound", in, func(ctx context.Context, on sqlkit.Querier) error {
			asked, err := s.understand(ctx, on, in, filter)
			if err == nil {
				batch, err = s.page(ctx, on, asked, expense.Found{Totals: all.Totals}, stretch, query)
			}
			return err
		})
		if err != nil {
			return err
		}
		if len(batch) > 0 {
			if err := visit(batch); err != nil {
				return err
			}
		}
		switch {
		case len(batch) == expense.SearchBatch:
			last := expense.PositionOf(batch[len(batch)-1])
			query.Before = &last
		case stretch.from.IsZero():
			return nil
		default: // fewer are there by now than there were
			query.Before = &expense.Position{Date: stretch.from}
		}
	}
}
