package sqlite

import (
	"database/sql/driver"
	"strings"
	"unicode/utf8"

	"modernc.org/sqlite"

	"expense-tracker/core/text"
)

// searches is how many searches of a ledger run at a time: some of the readers are left to whatever else is asked.
const searches = readers / 2

// indexed is from how many characters on a text is found by the index. What is shorter is looked for in every row.
const indexed = 3

// texts is sqlexpense.TextSearch: table expense_search finds every three letters.
type texts struct{}

// Entries implements sqlexpense.TextSearch.
func (texts) Entries() string { return "expense_entry" }

// Occurs asks the index, or compares the text of each row.
func (texts) Occurs(folded string, bind func(any) string) string {
	if utf8.RuneCountInString(folded) < indexed {
		return "instr(fold(e.payee || char(10) || e.note || char(10) || e.tags), " + bind(folded) + ") > 0"
	}
	return matching(bind(quoted(folded)))
}

// Tagged asks for the tag with the blanks around it, which make it three characters long.
func (texts) Tagged(folded string, bind func(any) string) string {
	return matching(bind("tags : " + quoted(" "+folded+" ")))
}

// Named compares each name. SQLite folds those that are all ASCII itself, which costs a tenth of a call of fold.
func (texts) Named(folded string, bind func(any) string) string {
	return "instr(CASE WHEN octet_length(c.name) = length(c.name) THEN lower(c.name) ELSE fold(c.name) END, " + bind(folded) + ") > 0"
}

// Among finds them once and keeps them sorted.
func (texts) Among(query string, _ int) (condition, join string) {
	return "e.category_id IN (" + query + ")", ""
}

// ByText leaves the look-up of rows by their ids.
func (texts) ByText() string { return " NOT INDEXED" }

// InOrder names the index that has the list's order.
func (texts) InOrder(ofCategory bool) string {
	if ofCategory {
		return " INDEXED BY expense_entry_category"
	}
	return " INDEXED BY expense_entry_newest"
}

// OfPayer names the index of payers' rows.
func (texts) OfPayer() string { return " INDEXED BY expense_entry_paid" }

// Gather is empty: the hints say it all.
func (texts) Gather(bool) string { return "" }

// Walk is empty likewise.
func (texts) Walk() string { return "" }

func matching(phrase string) string {
	return "e.id IN (SELECT rowid FROM expense_search WHERE expense_search MATCH " + phrase + ")"
}

// quoted is a phrase of the index's language.
func quoted(phrase string) string { return `"` + strings.ReplaceAll(phrase, `"`, `""`) + `"` }

// newDriver returns a driver of connections that are for something. Those that read know the function fold, with which searches compare.
func newDriver(p purpose) *sqlite.Driver {
	d := &sqlite.Driver{}
	if p != reading {
		return d
	}
	d.MustRegisterDeterministicScalarFunction("fold", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		if s, ok := args[0].(string); ok {
			return text.Fold(s), nil
		}
		return args[0], nil
	})
	return d
}
