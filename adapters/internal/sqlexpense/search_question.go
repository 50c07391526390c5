package sqlexpense

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// question is a filter with what the database says of it.
type question struct {
	searcher   Searcher
	in         ledger.ID
	filter     expense.Filter
	currencies []money.Currency // that the ledger has
	stored     []int64          // the categories that the filter's rows are stored under; none if they are too many to list
	ofTerms    [][]int64        // the same for each term: of the categories whose names have it
}

const (
	currenciesInUse = `SELECT currency FROM expense_total WHERE ledger_id = $1 AND month = 0 AND category_id = 0 ORDER BY currency`

	// Categories that were merged away keep their rows.
	storedCategories = `
SELECT raw.id
FROM category raw
JOIN category c ON c.ledger_id = raw.ledger_id AND c.id = COALESCE(raw.merged_into, raw.id)
WHERE raw.ledger_id = $1 AND `

	storedUnder = `
SELECT id FROM category WHERE ledger_id = $1 AND merged_into IS NULL AND id IN (%[1]s)
UNION ALL SELECT * FROM (SELECT id FROM category WHERE ledger_id = $1 AND merged_into IN (%[1]s) LIMIT $2) merged`

	// What a row's category is, now. A walk in the list's order asks it of few rows where a category has many others in it.
	categoryNow = `(SELECT COALESCE(raw.merged_into, raw.id) FROM category raw WHERE raw.ledger_id = $1 AND raw.id = e.category_id)`
)

// mostListed is how many categories that were merged into others are listed in a statement. Beyond, each row is asked for its own.
const mostListed = 500

// understand looks up what the filter's conditions need.
func (s Searcher) understand(ctx context.Context, on sqlkit.Querier, in ledger.ID, filter expense.Filter) (*question, error) {
	q := &question{searcher: s, in: in, filter: filter, ofTerms: make([][]int64, len(filter.Terms))}
	var err error
	if q.currencies, err = sqlkit.Collect(ctx, on, s.store.scanCurrency, s.runner.Rebind(currenciesInUse), in); err != nil {
		return nil, fmt.Errorf("currencies: %w", err)
	}
	if len(filter.Categories) > 0 {
		text := s.runner.Rebind(sqlkit.Once + fmt.Sprintf(storedUnder, list(filter.Categories)))
		if q.stored, err = sqlkit.Collect(ctx, on, scanID, text, in, mostListed+1); err != nil {
			return nil, fmt.Errorf("categories: %w", err)
		}
		if len(q.stored) > mostListed {
			q.stored = nil
		}
	}
	for i, term := range filter.Terms {
		q.ofTerms[i], err = q.categories(ctx, on, func(c *conditions) string { return s.texts.Named(term.Text, c.bind) })
		if err != nil {
			return nil, fmt.Errorf("categories of a name: %w", err)
		}
	}
	return q, nil
}

func (q *question) categories(ctx context.Context, on sqlkit.Querier, which func(*conditions) string) ([]int64, error) {
	c := &conditions{args: []any{q.in}}
	text := sqlkit.Once + storedCategories + which(c)
	return sqlkit.Collect(ctx, on, scanID, q.searcher.runner.Rebind(text), c.args...)
}

func scanID(from sqlkit.Scanner) (id int64, err error) {
	err = from.Scan(&id)
	return id, err
}

func (s *Store) scanCurrency(from sqlkit.Scanner) (money.Currency, error) {
	var code string
	if err := from.Scan(&code); err != nil {
		return money.Currency{}, err
	}
	return s.currencies.Stored(code)
}

// conditions are what rows have to meet. The first argument is the ledger.
type conditions struct {
	all  []string
	args []any
	hint string
}

func (c *conditions) bind(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(len(c.args))
}

func (c *conditions) and(condition string, with ...any) {
	c.all = append(c.all, fmt.Sprintf(condition, with...))
}

func (c *conditions) where() string { return strings.Join(c.all, "\n\t\tAND ") }

// between leaves the rows of some days, both included; the zero Date leaves a side open.
func (c *conditions) between(from, to civil.Date) {
	if !from.IsZero() {
		c.and("e.spent_on >= %s", c.bind(from.String()))
	}
	if !to.IsZero() {
		c.and("e.spent_on <= %s", c.bind(to.String()))
	}
}

// conditions returns the filter's, on e. To gather rows is to look them up by their text, if it asks for one.
func (q *question) conditions(gather bool) *conditions {
	f, texts := q.filter, q.searcher.texts
	c := &conditions{all: []string{"e.ledger_id = $1", "NOT e.deleted"}, args: []any{q.in}}
	if f.Deleted {
		c.all[1] = "e.deleted AND NOT e.purged"
	}
	c.between(f.From, f.To)
	for i, term := range f.Terms {
		ways := []string{texts.Occurs(term.Text, c.bind)}
		if len(q.ofTerms[i]) > 0 {
			ways = append(ways, "e.category_id IN ("+list(q.ofTerms[i])+")")
		}
		if term.Amount != nil {
			ways = append(ways, q.price(c, *term.Amount, "=")...)
		}
		if gather && len(ways) == 1 && !f.Deleted {
			c.hint = texts.ByText()
		}
		c.and("%s", either(ways))
	}
	if f.Tag != "" {
		if gather && !f.Deleted {
			c.hint = texts.ByText()
		}
		c.and("%s", texts.Tagged(f.Tag, c.bind))
	}
	switch {
	case len(q.stored) > 0:
		if gather && c.hint == "" && !f.Deleted {
			c.hint = texts.InOrder(true)
		}
		c.and("e.category_id IN (%s)", list(q.stored))
	case len(f.Categories) > 0:
		c.and(categoryNow+" IN (%s)", list(f.Categories))
	}
	if f.Currency != "" {
		c.and("e.currency = %s", c.bind(f.Currency))
	}
	if f.Min != nil {
		c.and("%s", either(q.price(c, *f.Min, ">=")))
	}
	if f.Max != nil {
		c.and("%s", either(q.price(c, *f.Max, "<=")))
	}
	return c
}

// price returns conditions, of which one has to hold, that a row's price compares so with an amount as a number: one for each of the
// scales in which the ledger's currencies are counted.
func (q *question) price(c *conditions, amount money.Amount, comparison string) []string {
	byDigits := make(map[int][]string)
	for _, currency := range q.currencies {
		byDigits[currency.Digits()] = append(byDigits[currency.Digits()], "'"+currency.Code()+"'")
	}
	var scales []string
	done := make(map[int]bool)
	for _, currency := range q.currencies {
		if done[currency.Digits()] {
			continue
		}
		done[currency.Digits()] = true
		bound, ok := expense.ScaledBound(amount, currency, comparison)
		if !ok {
			continue
		}
		scales = append(scales, fmt.Sprintf("(abs(e.price) %s %s AND e.currency IN (%s))", comparison,
			c.bind(q.searcher.store.currencies.StoreAmount(bound)), strings.Join(byDigits[currency.Digits()], ", ")))
	}
	return scales
}

// either is a condition that holds if one of them does.
func either(ways []string) string {
	if len(ways) == 0 {
		return "1 = 0"
	}
	return "(" + strings.Join(ways, " OR ") + ")"
}

func list[ID ~int64](ids []ID) string {
	if len(ids) == 0 {
		return "0" // which no row has
	}
	var text strings.Builder
	for i, id := range ids {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(strconv.FormatInt(int64(id), 10))
	}
	return text.String()
}
