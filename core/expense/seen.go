package expense

import (
	"strconv"

	"expense-tracker/core/revision"
)

// Seen returns the name of what a reader of the expense sees. The category stands apart, for it is renamed and merged on its own.
func (e Expense) Seen() revision.Seen {
	content := []string{e.Date.String(), e.Price.String(), e.Note, strconv.FormatBool(e.Deleted)}
	content = append(content, details(e.Payee, e.Tags, e.Refund, e.PaidBy)...)
	return revision.Of(e.Revision, content...).Beside(string(e.Category.Name))
}

// Seen returns the name of what a reader of the category sees.
func (s CategorySummary) Seen() revision.Seen {
	return revision.Of(s.Revision, string(s.Category.Name))
}

// Seen returns the name of what a reader sees of a category that was merged away.
func (m Merge) Seen() revision.Seen {
	return revision.Of(m.Revision, string(m.Away.Name))
}
