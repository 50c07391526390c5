// Package table writes expenses as lines of a file that spreadsheets read.
package table

import (
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/web/internal/sheet"
)

// Columns are the header of the file. They only ever grow in number.
func Columns() []string {
	return []string{"date", "category", "price", "currency", "payee", "note", "tags", "id", "refund", "deleted", "paid_by"}
}

// Record is an expense as a line of the file. Payer is what who has paid is called; empty for nobody.
func Record(e expense.Expense, payer string) []string {
	return []string{
		e.Date.String(), sheet.Harmless(string(e.Category.Name)), e.Spent().Decimal(), e.Price.Currency().Code(),
		sheet.Harmless(e.Payee), sheet.Harmless(e.Note), sheet.Harmless(string(e.Tags)), strconv.FormatInt(int64(e.ID), 10),
		strconv.FormatBool(e.Refund), strconv.FormatBool(e.Deleted), sheet.Harmless(payer),
	}
}
