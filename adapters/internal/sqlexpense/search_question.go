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
	stored     categories       // that the filter's rows are stored under
	ofTerms    []categories     // the same for each term: of the categories whose names have it
}

// categories are those that rows are stored under: merged ones keep theirs. They are listed in a statement unless they are too many.
type categories struct {
	ids  []int64
	many bool // and so no ids
}

const (
	currenciesInUse = `SELECT currency FROM expense_total WHERE ledger_id = $1 AND month = 0 AND category_id = 0 ORDER BY currency`

	storedUnder = `
SELECT id FROM category WHERE ledger_id = $1 AND merged_into IS NULL AND id IN (%[1]s)
UNION ALL SELECT id FROM category WHERE ledger_id = $1 AND merged_into IN (%[1]s)`

	// The placeholder is a condition on c.
	storedUnderNames = `
SELECT c.id FROM category c WHERE c.ledger_id = $1 AND c.merged_into IS NULL AND %[1]s
UNION ALL
SELECT raw.id FROM category raw JOIN category c ON c.ledger_id = raw.ledger_id AND c.id = raw.merged_into
WHERE raw.ledger_id = $1 AND raw.merged_into IS NOT NULL AND %[1]s`

	// What a row's category is, now, and what its name has. A walk in the list's order asks it of few rows, whatever else there is.
	categoryNow = `(SELECT COALESCE(raw.merged_into, raw.id) FROM category raw WHERE raw.ledger_id = $1 AND raw.id = e.category_id)`
	namedNow    = `(SELECT %s FROM category raw
		JOIN category c ON c.ledger_id = raw.ledger_id AND c.id = COALESCE(raw.merged_into, raw.id)
		WHERE raw.ledger_id = $1 AND raw.id = e.category_id)`
)

// mostListed is how many categories are listed in a statement. Beyond, the statement finds them itself.
const mostListed = 500

// understand looks up what the filter's conditions need.
func (s Searcher) understand(ctx context.Context, on sqlkit.Querier, in ledger.ID, filter expense.Filter) (*question, error) {
	q := &question{searcher: s, in: in, filter: filter, ofTerms: make([]categories, len(filter.Terms))}
	var err error
	if q.currencies, err = sqlkit.Collect(ctx, on, s.store.scanCurrency, s.runner.Rebind(currenciesInUse), in); err != nil {
		return nil, fmt.Errorf("currencies: %w", err)
	}
	if len(filter.Categories) > 0 {
		c := &conditions{args: []any{in}}
		if q.stored, err = s.listed(ctx, on, q.storedUnder(), c); err != nil {
			return nil, fmt.Errorf("categories: %w", err)
		}
	}
	for i, term := range filter.Terms {
		c := &conditions{args: []any{in}}
		if q.ofTerms[i], err = s.listed(ctx, on, q.named(c, term), c); err != nil {
			return nil, fmt.Errorf("categories of a name: %w", err)
		}
	}
	return q, nil
}

// storedUnder is a query for the categories that the filter's rows are stored under.
func (q *question) storedUnder() string { return fmt.Sprintf(storedUnder, list(q.filter.Categories)) }

// named is a query for those of a term.
func (q *question) named(c *conditions, term expense.Term) string {
	return fmt.Sprintf(storedUnderNames, q.searcher.texts.Named(term.Text, c.bind))
}

// listed runs a query for categories, no further than they may be listed.
func (s Searcher) listed(ctx context.Context, on sqlkit.Querier, query string, c *conditions) (categories, error) {
	ids, err := sqlkit.Collect(ctx, on, scanID, s.runner.Rebind(sqlkit.Once+query+" LIMIT "+c.bind(mostListed+1)), c.args...)
	if err != nil || len(ids) > mostListed {
		return categories{many: true}, err
	}
	return categories{ids: ids}, nil
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
	join string // of what rows are compared with
	many bool   // they are compared with more categories than are listed
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

// conditions returns the filter's, on e. To gather rows is to look them up by their text, if it asks for one, or by their categories;
// otherwise rows are walked in the list's order, and each is asked.
func (q *question) conditions(gather bool) *conditions {
	f, texts := q.filter, q.searcher.texts
	c := &conditions{all: []string{"e.ledger_id = $1", "NOT e.deleted"}, args: []any{q.in}}
	if f.Deleted {
		c.all[1] = "e.deleted AND NOT e.purged"
	}
	c.between(f.From, f.To)
	for i, term := range f.Terms {
		ways := []string{texts.Occurs(term.Text, c.bind)}
		switch of := q.ofTerms[i]; {
		case of.many:
			ways = append([]string{q.ofMany(c, gather, i)}, ways...) // it is the more likely, and costs less
		case len(of.ids) > 0:
			ways = append(ways, "e.category_id IN ("+list(of.ids)+")")
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
	if len(f.Categories) > 0 {
		if gather && c.hint == "" && !f.Deleted {
			c.hint = texts.InOrder(true)
		}
		switch {
		case !q.stored.many:
			c.and("e.category_id IN (%s)", list(q.stored.ids))
		case gather:
			c.many = true
			c.and("e.category_id IN (%s)", q.storedUnder())
		default:
			c.and(categoryNow+" IN (%s)", list(f.Categories))
		}
	}
	if gather && c.hint == "" && c.many && !f.Deleted {
		c.hint = texts.InOrder(false)
	}
	if f.Payer != 0 {
		if gather && c.hint == "" && !f.Deleted {
			c.hint = texts.OfPayer()
		}
		c.and("e.paid_by = %s", c.bind(int64(f.Payer)))
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

// canLookUp reports whether rows can be gathered by other means than by reading them all: by what is said, or by categories of which
// one alone, whose rows have an order, is walked best.
func (q *question) canLookUp() bool {
	f := q.filter
	if len(f.Categories) > 0 {
		return len(q.stored.ids) != 1
	}
	for i, term := range f.Terms {
		if term.Amount == nil && !q.ofTerms[i].many {
			return true
		}
	}
	return f.Tag != ""
}

// inOrder says by which index rows are walked in the list's order.
func (q *question) inOrder() string {
	switch {
	case len(q.stored.ids) == 1:
		return q.searcher.texts.InOrder(true)
	case q.filter.Payer != 0:
		return q.searcher.texts.OfPayer()
	}
	return q.searcher.texts.InOrder(false)
}

// ofMany is the condition that e is in one of the many categories whose names have a term: found all at once, or one for each row.
func (q *question) ofMany(c *conditions, gather bool, i int) string {
	term := q.filter.Terms[i]
	if !gather {
		return fmt.Sprintf(namedNow, q.searcher.texts.Named(term.Text, c.bind))
	}
	condition, join := q.searcher.texts.Among(q.named(c, term), i)
	c.join += join
	c.many = true
	return condition
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
