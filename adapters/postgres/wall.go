package postgres

import (
	"errors"
	"slices"
	"strings"

	"expense-tracker/adapters/internal/sqlkit"
)

// The wall is the second one between ledgers; the first is each statement's own condition. PostgreSQL's row-level security lets a role that
// serves find the rows of the ledger alone that its statement is meant for (paramLedger), even where a statement forgot to say so. It
// cannot stop somebody who runs statements of their own, for these could name another ledger first. A table's owner and a superuser pass
// by: so the wall stands where another role owns the tables (Options.Owner), and each migration of that role raises it anew.
//
// PostgreSQL looks a row up by a policy before all conditions that could tell what they see, so that these use no index: LIKE, and an
// expression of a date. Reads by such an index go through the view entriesOfLedger instead, which is read as its owner, and whose own
// condition holds them to the ledger.
const (
	entriesOfLedger = "expense_entry_of_ledger"
	scaleOfPrices   = "expense_price_scale"  // the decimals of stored prices, whosever they are
	countOfAll      = "expense_count_of_all" // how many expenses there are, whosever they are
	told            = "current_setting('" + paramLedger + "', true)"
	toldLedger      = "NULLIF(" + told + ", '')::bigint" // comparable once for all rows, with the ledger that a statement names
	toldEvery       = told + " = '" + everyLedger + "'"
)

// views are what the wall's role reads as the owner.
var views = map[string]string{
	entriesOfLedger: "SELECT * FROM expense_entry WHERE ledger_id = " + toldLedger,
	scaleOfPrices:   "SELECT currency, scale(price) AS digits FROM expense_entry",
	countOfAll: `SELECT COALESCE(sum(t.entries), 0)::bigint AS entries FROM ledger l
		CROSS JOIN expense_total t WHERE t.ledger_id = l.id AND t.month = 0 AND t.category_id = 0 AND l.id > 0`,
}

// acrossLedgers are the tables that are read before it is known which ledger is meant: which ones there are, who is in them, and where a
// user has tokens.
var acrossLedgers = []string{"ledger", "member", "token"}

// numbersLedgers is the table whose rows give new ledgers their number, so that none is known before.
const numbersLedgers = "ledger_made"

// Owner is the role that owns the tables and migrates them.
type Owner struct {
	URL      string
	Password string // if the URL has none
}

// Errors of roles that are not what they have to be. Trying again does not help.
var (
	ErrNoRole = errors.New("the role that serves is not there, and the owner of the tables may make none")
	ErrOwner  = errors.New("the role that serves has to be another than the owner of the tables")
)

// ErrNoWall is of a role to which no rule applies on some of the tables that have rules for others.
var ErrNoWall = errors.New("row-level security is not whole: run expense-tracker migrate with the owner of the tables as storage_owner")

// tables returns the names of the program's tables, as its migrations make them.
func tables() ([]string, error) { return migrations().Tables() }

// wallState asks of each of the tables which column says its ledger, and whether it has its rules.
const wallState = `
SELECT t.name, COALESCE(a.attname::text, ''), c.relrowsecurity,
	ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid)::text[]
FROM unnest($1::text[]) AS t (name)
JOIN pg_class c ON c.oid = to_regclass(t.name)
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attnum > 0
	AND a.attname = CASE t.name WHEN 'ledger' THEN 'id' ELSE 'ledger_id' END
ORDER BY t.name`

// guarded is a table and its rules.
type guarded struct {
	name, ledger string // the column that says the ledger; empty if it belongs to none
	enforced     bool
	policies     []string
}

func scanGuarded(from sqlkit.Scanner) (g guarded, err error) {
	var policies string
	err = from.Scan(&g.name, &g.ledger, &g.enforced, &policies)
	g.policies = strings.FieldsFunc(policies, func(r rune) bool { return r == '{' || r == '}' || r == ',' })
	return g, err
}

// rules returns the policies of a table, by name. A rule whose text changes gets another name.
func (g guarded) rules() map[string]string {
	own := "USING (" + g.ledger + " = " + toldLedger + ")"
	switch {
	case g.ledger == "":
		return nil
	case g.name == numbersLedgers:
		return map[string]string{"wall_of_all": "USING (" + toldEvery + ")"}
	case slices.Contains(acrossLedgers, g.name):
		return map[string]string{"wall": own, "wall_of_all": "FOR SELECT USING (" + toldEvery + ")"}
	}
	return map[string]string{"wall": own}
}
