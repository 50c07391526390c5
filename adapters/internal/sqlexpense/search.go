package sqlexpense

import (
	"context"
	"fmt"
	"slices"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// TextSearch is how a database finds text in expenses. Conditions are on e, an expense_entry, or on c, a category; bind takes a value and
// returns its placeholder.
type TextSearch interface {
	// Occurs is the condition that a folded text is a part of what e says.
	Occurs(folded string, bind func(any) string) string
	// Tagged is the condition that e has a tag, which is given folded.
	Tagged(folded string, bind func(any) string) string
	// Named is the condition that a folded text is a part of c's name.
	Named(folded string, bind func(any) string) string
	// ByText stands behind "expense_entry e" where few rows have the text: they are to be looked up, and the ledger not to be read.
	ByText() string
	// InOrder stands behind "expense_entry e" where rows are read in the list's order, those of one category alone or of all.
	InOrder(ofCategory bool) string
	// Gather and Walk are statements that make the transaction plan for what comes next: to look few rows up by whatever index finds
	// them, or to read rows in the list's order. Empty for none.
	Gather() string
	Walk() string
}

// gathered is up to how many rows are looked up and sorted for a page. Of more, the page's stretch of the list is read and filtered.
const gathered = 5000

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
		if found.Expenses, err = s.page(ctx, on, asked, found, stretchOf(query.ListQuery, found.Months), query.ListQuery); err != nil {
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
	all, err := s.Search(ctx, in, expense.SearchQuery{Filter: filter})
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
				batch, err = s.page(ctx, on, asked, all, stretch, query)
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

// stretch is a part of the list by its days, both included; the zero Date leaves a side open.
type stretch struct{ from, to civil.Date }

// stretchOf returns a part of the list in which the query's page lies, if the months hold what they say.
func stretchOf(query expense.ListQuery, months []expense.MonthTotal) stretch {
	var s stretch
	var seen int64
	ascending := query.After != nil
	if ascending {
		months = slices.Clone(months)
		slices.Reverse(months)
		s.from = query.After.Date
	} else if query.Before != nil {
		s.to = query.Before.Date
	}
	for i, m := range months {
		if !ascending && !s.to.IsZero() && m.Month.Number() >= s.to.MonthOf().Number() ||
			ascending && !s.from.IsZero() && m.Month.Number() <= s.from.MonthOf().Number() {
			continue // the page may begin behind what the month has
		}
		seen += m.Count
		if seen < int64(query.Limit) || i+1 < len(months) && months[i+1].Month == m.Month {
			continue
		}
		if ascending {
			s.to = lastDay(m.Month)
		} else {
			s.from = m.Month.First()
		}
		break
	}
	return s
}

func lastDay(m civil.Month) civil.Date { return civil.DateOf(m.First().UTC().AddDate(0, 1, -1)) }

// page returns the rows of a page, which lies in the stretch.
func (s Searcher) page(
	ctx context.Context, on sqlkit.Querier, asked *question, all expense.Found, in stretch, query expense.ListQuery,
) ([]expense.Expense, error) {
	if query.Limit == 0 || all.Count() == 0 {
		return nil, nil
	}
	gather := all.Count() <= gathered || asked.filter.Deleted
	c := asked.conditions(gather)
	if !gather {
		c.hint = s.texts.InOrder(len(asked.stored) == 1)
	}
	c.between(in.from, in.to)
	order := "DESC"
	if p := query.Before; p != nil {
		c.and("(e.spent_on < %[1]s OR e.spent_on = %[1]s AND e.id < %[2]s)", c.bind(dateOf(*p)), c.bind(p.ID))
	}
	if p := query.After; p != nil {
		order = "ASC"
		c.and("(e.spent_on > %[1]s OR e.spent_on = %[1]s AND e.id > %[2]s)", c.bind(dateOf(*p)), c.bind(p.ID))
	}
	if err := s.prepare(ctx, on, gather); err != nil {
		return nil, err
	}
	text := sqlkit.Once + SelectColumns + `
FROM (
	SELECT e.* FROM expense_entry e` + c.hint + `
	WHERE ` + c.where() + ` ORDER BY e.spent_on ` + order + `, e.id ` + order + ` LIMIT ` + c.bind(query.Limit) + `
) e` + JoinCategories + `
ORDER BY e.spent_on DESC, e.id DESC`
	return sqlkit.Collect(ctx, on, s.store.scanExpense, s.runner.Rebind(text), c.args...)
}

func (s Searcher) prepare(ctx context.Context, on sqlkit.Querier, gather bool) error {
	statement := s.texts.Walk()
	if gather {
		statement = s.texts.Gather()
	}
	if statement == "" {
		return nil
	}
	_, err := sqlkit.Collect(ctx, on, func(sqlkit.Scanner) (struct{}, error) { return struct{}{}, nil }, statement)
	return err
}
