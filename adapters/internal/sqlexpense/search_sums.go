package sqlexpense

import (
	"context"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

const (
	// The order is by the column: by its bare name, PostgreSQL would sort all texts.
	firstDay = `
SELECT CAST(e.spent_on AS text) FROM expense_entry e WHERE e.ledger_id = $1 AND NOT e.deleted ORDER BY e.spent_on, e.id LIMIT 1`
	finalDay = `
SELECT CAST(e.spent_on AS text) FROM expense_entry e WHERE e.ledger_id = $1 AND NOT e.deleted ORDER BY e.spent_on DESC, e.id DESC LIMIT 1`

	// Months are looked up one by one, as in totals.
	monthSums = `
WITH RECURSIVE months(month) AS (
	SELECT CAST($2 AS integer)
	UNION ALL
	SELECT CASE WHEN month % 100 = 12 THEN month + 89 ELSE month + 1 END FROM months WHERE month < CAST($3 AS integer)
)
SELECT m.month, t.currency, t.entries, t.minor
FROM months m
CROSS JOIN expense_total t
WHERE t.ledger_id = $1 AND t.month = m.month AND t.entries > 0 AND t.category_id IN (`

	// All months of some categories are read in one go, by the index of categories: no other index begins with what is compared.
	categorySums = `
SELECT t.month, t.currency, t.entries, t.minor
FROM expense_total t
WHERE t.ledger_id = $1 AND t.month + 0 >= $2 AND t.month + 0 <= $3 AND t.entries > 0 AND t.category_id > 0 AND t.category_id IN (`

	manyYears = 1 // over more, all months of a category are read in one go

	daySums = `
SELECT month, currency, entries, minor
FROM expense_total
WHERE ledger_id = $1 AND month >= $2 AND month <= $3 AND category_id = 0 AND entries > 0`
)

// sum returns the count and the totals of what is found, by month: from maintained totals where they answer, otherwise of the rows.
func (s Searcher) sum(ctx context.Context, on sqlkit.Querier, asked *question) (expense.Found, error) {
	parts, err := s.parts(ctx, on, asked, "e.price")
	if err != nil {
		return expense.Found{}, err
	}
	return expense.SumFound(parts)
}

// count is sum with amounts of zero, for what has to be found though it makes more than can be kept exactly.
func (s Searcher) count(ctx context.Context, on sqlkit.Querier, asked *question) (expense.Found, error) {
	parts, err := s.parts(ctx, on, asked, "0")
	if err != nil {
		return expense.Found{}, err
	}
	for i := range parts {
		parts[i].Amount = money.FromMinor(0, parts[i].Amount.Currency())
	}
	return expense.SumFound(parts)
}

func (s Searcher) parts(ctx context.Context, on sqlkit.Querier, asked *question, price string) ([]expense.MonthTotal, error) {
	if asked.filter.IsSummed() {
		return s.maintained(ctx, on, asked)
	}
	return s.actual(ctx, on, asked, price)
}

// actual adds up what a term says of rows. They are grouped by day first, for a day is at hand.
func (s Searcher) actual(ctx context.Context, on sqlkit.Querier, asked *question, price string) ([]expense.MonthTotal, error) {
	c := asked.conditions(true)
	if err := s.prepare(ctx, on, true, c.many); err != nil {
		return nil, err
	}
	text := sqlkit.Once + `
SELECT substr(CAST(d.spent_on AS text), 1, 7), d.currency, CAST(sum(d.entries) AS bigint), CAST(sum(d.price) AS text)
FROM (
	SELECT e.spent_on, e.currency, count(*) AS entries, sum(` + price + `) AS price
	FROM ` + s.texts.Entries() + ` e` + c.hint + c.join + `
	WHERE ` + c.where() + `
	GROUP BY e.spent_on, e.currency
) d
GROUP BY 1, 2`
	return sqlkit.Collect(ctx, on, s.scanFoundMonth, s.runner.Rebind(text), c.args...)
}

func (s Searcher) scanFoundMonth(from sqlkit.Scanner) (expense.MonthTotal, error) {
	return s.store.scanMonthOf(from)
}

// scanMonthOf reads a month as "2026-01", then more, and a sum of prices.
func (s *Store) scanMonthOf(from sqlkit.Scanner, more ...any) (expense.MonthTotal, error) {
	var month, code, price string
	var found expense.MonthTotal
	if err := from.Scan(append(append([]any{&month}, more...), &code, &found.Count, &price)...); err != nil {
		return found, err
	}
	day, err := civil.ParseDate(month + "-01")
	if err != nil {
		return found, err
	}
	currency, err := s.currencies.Stored(code)
	if err != nil {
		return found, err
	}
	found.Month = day.MonthOf()
	found.Amount, err = s.currencies.ParseAmount(price, currency)
	return found, err
}

// maintained reads the totals of whole months, and those of the days before and behind them.
func (s Searcher) maintained(ctx context.Context, on sqlkit.Querier, asked *question) ([]expense.MonthTotal, error) {
	from, to, err := s.bounds(ctx, on, asked)
	if err != nil || from.IsZero() || from.Compare(to) > 0 {
		return nil, err
	}
	var parts []expense.MonthTotal
	days := func(from, to civil.Date) error {
		part, err := sqlkit.Collect(ctx, on, s.scanDaySum, s.runner.Rebind(daySums), asked.in, dayNumber(from), dayNumber(to))
		parts = append(parts, part...)
		return err
	}
	if from.Day > 1 {
		end := from.MonthOf().Last()
		if end.Compare(to) > 0 {
			end = to
		}
		if err := days(from, end); err != nil {
			return nil, err
		}
		from = end.AddDays(1)
	}
	if from.Compare(to) <= 0 && to.AddDays(1).Day != 1 {
		if err := days(to.MonthOf().First(), to); err != nil {
			return nil, err
		}
		to = to.MonthOf().First().AddDays(-1)
	}
	if from.Compare(to) <= 0 && asked.filter.Payer != 0 {
		part, err := sqlkit.Collect(ctx, on, s.scanMonthSum, s.store.sql.paidByMonth,
			asked.in, from.MonthOf().Number(), to.MonthOf().Number(), asked.filter.Payer)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part...)
	} else if from.Compare(to) <= 0 {
		text, categories := monthSums, "0"
		if len(asked.filter.Categories) > 0 {
			categories = list(asked.filter.Categories)
			if to.Year-from.Year > manyYears {
				text = categorySums
			}
		}
		part, err := sqlkit.Collect(ctx, on, s.scanMonthSum, s.runner.Rebind(sqlkit.Once+text+categories+")"),
			asked.in, from.MonthOf().Number(), to.MonthOf().Number())
		if err != nil {
			return nil, err
		}
		parts = append(parts, part...)
	}
	if code := asked.filter.Currency; code != "" {
		kept := parts[:0]
		for _, part := range parts {
			if part.Amount.Currency().Code() == code {
				kept = append(kept, part)
			}
		}
		parts = kept
	}
	return parts, nil
}

// bounds returns the days that the totals to be read are of: within those of the filter and those that have expenses. A whole month
// stays whole. The zero Date stands for a ledger without expenses.
func (s Searcher) bounds(ctx context.Context, on sqlkit.Querier, asked *question) (from, to civil.Date, err error) {
	from, to = asked.filter.From, asked.filter.To
	for _, side := range []struct {
		query   string
		bound   *civil.Date
		outside func(edge, bound civil.Date) bool
		whole   func(civil.Date) civil.Date
	}{
		{firstDay, &from, func(edge, bound civil.Date) bool { return bound.Compare(edge.MonthOf().First()) < 0 },
			func(d civil.Date) civil.Date { return d.MonthOf().First() }},
		{finalDay, &to, func(edge, bound civil.Date) bool { return bound.IsZero() || bound.Compare(edge.MonthOf().Last()) > 0 },
			func(d civil.Date) civil.Date { return d.MonthOf().Last() }},
	} {
		edges, err := sqlkit.Collect(ctx, on, scanDay, s.runner.Rebind(side.query), asked.in)
		if err != nil || len(edges) == 0 {
			return civil.Date{}, civil.Date{}, err
		}
		if side.bound.IsZero() || side.outside(edges[0], *side.bound) {
			*side.bound = side.whole(edges[0])
		}
	}
	return from, to, nil
}

func scanDay(from sqlkit.Scanner) (civil.Date, error) {
	var day string
	if err := from.Scan(&day); err != nil {
		return civil.Date{}, err
	}
	return civil.ParseDate(day)
}

func dayNumber(d civil.Date) int { return d.MonthOf().Number()*100 + d.Day }

func (s Searcher) scanDaySum(from sqlkit.Scanner) (expense.MonthTotal, error) {
	var day int
	total, err := s.store.scanTotal(from, &day)
	return expense.MonthTotal{Month: civil.MonthOfNumber(day / 100), Total: total}, err
}

func (s Searcher) scanMonthSum(from sqlkit.Scanner) (expense.MonthTotal, error) {
	var month int
	total, err := s.store.scanTotal(from, &month)
	return expense.MonthTotal{Month: civil.MonthOfNumber(month), Total: total}, err
}
