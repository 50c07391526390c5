package sqlexpense

import (
	"context"
	"fmt"
	"slices"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
)

// gathered is up to how many rows are looked up and sorted for a page. Of more, the page's stretch of the list is read and filtered.
const gathered = 5000

// reaches are how far the list is walked for a page, in rows for each of the page's, before its rows are gathered all the same: they may
// be the oldest of a month that has a million.
var reaches = []int{10, 100}

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
			s.to = m.Month.Last()
		} else {
			s.from = m.Month.First()
		}
		break
	}
	return s
}

// within leaves off the days before and behind all months, which are newest first.
func (s stretch) within(months []expense.MonthTotal) stretch {
	if len(months) == 0 {
		return s
	}
	if s.from.IsZero() {
		s.from = months[len(months)-1].Month.First()
	}
	if s.to.IsZero() {
		s.to = months[0].Month.Last()
	}
	return s
}

// part is a stretch of the list between two places, both excluded; nil leaves a side open.
type part struct {
	stretch
	newerThan, olderThan *expense.Position
}

// conditions leaves the part's rows. A place stands for the day as well: databases seek to either of them, and not to both.
func (p part) conditions(c *conditions) {
	if p.newerThan != nil {
		c.and("(e.spent_on, e.id) > (%s, %s)", c.bind(dateOf(*p.newerThan)), c.bind(p.newerThan.ID))
		p.from = civil.Date{}
	}
	if p.olderThan != nil {
		c.and("(e.spent_on, e.id) < (%s, %s)", c.bind(dateOf(*p.olderThan)), c.bind(p.olderThan.ID))
		p.to = civil.Date{}
	}
	c.between(p.from, p.to)
}

// inOrder is the list's order as the query reads it.
func inOrder(query expense.ListQuery) string {
	if query.After != nil {
		return " ORDER BY e.spent_on, e.id"
	}
	return " ORDER BY e.spent_on DESC, e.id DESC"
}

// page returns the rows of a page, which lies in the stretch. What is found in all has no months if it was found at an earlier moment.
func (s Searcher) page(
	ctx context.Context, on sqlkit.Querier, asked *question, found expense.Found, in stretch, query expense.ListQuery,
) ([]expense.Expense, error) {
	all := part{in, query.After, query.Before}
	if query.Limit == 0 || found.Count() == 0 {
		return nil, nil
	}
	if found.Count() <= gathered || asked.filter.Deleted {
		return s.rows(ctx, on, asked, true, all, query)
	}
	all.stretch = in.within(found.Months)
	if query.After != nil && *query.After == (expense.Position{}) {
		all.newerThan = nil // which is where the list begins
	}
	if !asked.canLookUp() {
		return s.rows(ctx, on, asked, false, all, query)
	}
	for _, reach := range reaches {
		near, whole, err := s.near(ctx, on, asked, all, query, reach*query.Limit)
		if err != nil {
			return nil, fmt.Errorf("near: %w", err)
		}
		rows, err := s.rows(ctx, on, asked, false, near, query)
		if err != nil || whole || len(rows) == query.Limit {
			return rows, err
		}
	}
	return s.rows(ctx, on, asked, true, all, query)
}

// near returns the part of another that has its first rows, whatever they are, and whether that is the whole.
func (s Searcher) near(
	ctx context.Context, on sqlkit.Querier, asked *question, of part, query expense.ListQuery, rows int,
) (near part, whole bool, err error) {
	c := &conditions{all: []string{"e.ledger_id = $1", "NOT e.deleted"}, args: []any{asked.in}}
	of.conditions(c)
	c.between(asked.filter.From, asked.filter.To)
	if err := s.prepare(ctx, on, false, false); err != nil {
		return of, false, err
	}
	ends, err := sqlkit.Collect(ctx, on, scanPosition, s.runner.Rebind(sqlkit.Once+`
SELECT CAST(e.spent_on AS text), e.id FROM `+s.texts.Entries()+` e`+s.texts.InOrder(false)+`
WHERE `+c.where()+inOrder(query)+" LIMIT 1 OFFSET "+c.bind(rows)), c.args...)
	if err != nil || len(ends) == 0 {
		return of, true, err
	}
	if query.After != nil {
		of.olderThan = &ends[0]
	} else {
		of.newerThan = &ends[0]
	}
	return of, false, nil
}

func scanPosition(from sqlkit.Scanner) (p expense.Position, err error) {
	var day string
	if err := from.Scan(&day, &p.ID); err != nil {
		return p, err
	}
	p.Date, err = civil.ParseDate(day)
	return p, err
}

// rows returns the page's rows of a part, either gathered or walked for.
func (s Searcher) rows(
	ctx context.Context, on sqlkit.Querier, asked *question, gather bool, of part, query expense.ListQuery,
) ([]expense.Expense, error) {
	c := asked.conditions(gather)
	if !gather {
		c.hint = asked.inOrder()
	}
	of.conditions(c)
	if err := s.prepare(ctx, on, gather, c.many); err != nil {
		return nil, err
	}
	text := sqlkit.Once + SelectColumns + `
FROM (
	SELECT e.* FROM ` + s.texts.Entries() + ` e` + c.hint + c.join + `
	WHERE ` + c.where() + inOrder(query) + ` LIMIT ` + c.bind(query.Limit) + `
) e` + JoinCategories + `
ORDER BY e.spent_on DESC, e.id DESC`
	return sqlkit.Collect(ctx, on, s.store.scanExpense, s.runner.Rebind(text), c.args...)
}

func (s Searcher) prepare(ctx context.Context, on sqlkit.Querier, gather, many bool) error {
	statement := s.texts.Walk()
	if gather {
		statement = s.texts.Gather(many)
	}
	if statement == "" {
		return nil
	}
	_, err := sqlkit.Collect(ctx, on, func(sqlkit.Scanner) (struct{}, error) { return struct{}{}, nil }, statement)
	return err
}
