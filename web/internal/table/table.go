// Package table writes expenses as lines of a file that spreadsheets read.
package table

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"expense-tracker/core/expense"
)

// Columns are the header of the file. They only ever grow in number.
func Columns() []string {
	return []string{"date", "category", "price", "currency", "payee", "note", "tags", "id", "refund", "deleted", "paid_by"}
}

// Record is an expense as a line of the file. Payer is what who has paid is called; empty for nobody.
func Record(e expense.Expense, payer string) []string {
	return []string{
		e.Date.String(), harmless(string(e.Category.Name)), e.Spent().Decimal(), e.Price.Currency().Code(),
		harmless(e.Payee), harmless(e.Note), harmless(string(e.Tags)), strconv.FormatInt(int64(e.ID), 10),
		strconv.FormatBool(e.Refund), strconv.FormatBool(e.Deleted), harmless(payer),
	}
}

// harmless puts an apostrophe before a text that a spreadsheet would run as a formula. Some take the wide signs of East Asian keyboards
// for the usual ones.
func harmless(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}
