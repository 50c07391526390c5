package postgres

import (
	"strconv"
	"strings"
)

// searches is how many searches of a ledger run at a time: most of the connections are left to whatever else is asked.
const searches = 2

// texts is sqlexpense.TextSearch: the index expense_entry_search finds every three letters of what expense_search_text returns. Where the
// server has no such index, each row is read.
type texts struct{ entries string }

// Entries implements sqlexpense.TextSearch.
func (t texts) Entries() string { return t.entries }

// said is the text of an expense, as the index has it.
const said = "expense_search_text(e.payee, e.note, e.tags)"

// Occurs names the condition under which a row is in the index, too.
func (texts) Occurs(folded string, bind func(any) string) string {
	return "(" + said + " LIKE " + bind(anywhere(folded)) + " AND (e.note <> '' OR e.payee <> '' OR e.tags <> ''))"
}

// Tagged looks for the tag with the blanks around it, and makes sure that it is one.
func (t texts) Tagged(folded string, bind func(any) string) string {
	return t.Occurs(" "+folded+" ", bind) + " AND expense_search_text('', '', e.tags) LIKE " + bind(anywhere(" "+folded+" "))
}

// Named compares each name. One that is all ASCII does without the function, whose call costs several times as much.
func (texts) Named(folded string, bind func(any) string) string {
	return `CASE WHEN octet_length(c.name) = length(c.name) THEN lower(c.name COLLATE "C")
		ELSE expense_search_text('', c.name, '') END LIKE ` + bind(anywhere(folded))
}

// Among joins them: of a query beside another condition, PostgreSQL would look through all that it finds for each row, once that no
// longer fits into work_mem.
func (texts) Among(query string, number int) (condition, join string) {
	among := "among" + strconv.Itoa(number)
	return among + ".id IS NOT NULL", " LEFT JOIN (" + query + ") " + among + " ON " + among + ".id = e.category_id"
}

// ByText is empty: PostgreSQL knows what is rare.
func (texts) ByText() string { return "" }

// InOrder is empty: it takes Walk.
func (texts) InOrder(bool) string { return "" }

// OfPayer is empty: an index has a payer's rows in the list's order.
func (texts) OfPayer() string { return "" }

// Gather lets the transaction plan for the values at hand and by every kind of scan: an index of letters has bitmaps only, which the
// sessions for pages do without. Many categories are hashed: of rows that it takes for few, it would look through all of them for each.
func (texts) Gather(many bool) string {
	loops := "on"
	if many {
		loops = "off"
	}
	return setLocal("on", loops, "force_custom_plan")
}

// Walk plans as the sessions for pages do: in the list's order, and without a sort.
func (texts) Walk() string { return setLocal("off", "on", "force_custom_plan") }

func setLocal(scans, loops, plans string) string {
	var set []string
	for _, param := range []string{paramSeqScan, paramBitmapScan, paramSort, paramHashJoin, paramMergeJoin, paramMaterial} {
		set = append(set, "set_config('"+param+"', '"+scans+"', true)")
	}
	set = append(set, "set_config('"+paramNestedLoop+"', '"+loops+"', true)", "set_config('"+paramPlans+"', '"+plans+"', true)",
		"set_config('"+paramJIT+"', 'off', true)")
	return "SELECT " + strings.Join(set, ", ")
}

// anywhere is a pattern for a text that may be anywhere.
func anywhere(folded string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(folded) + "%"
}
