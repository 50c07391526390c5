package expenses

import (
	"strconv"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/web/internal/words"
)

// dayView is a day of the list, with the expenses of that day that are on the page.
type dayView struct {
	Date string // YYYY-MM-DD
	Text string // as people say it
	Rows []rowView
}

// rowView is one expense of the list.
type rowView struct {
	ID       int64
	Edit     string // address
	Category string
	Note     string
	Price    string
}

// newDays groups a page of the list, which is ordered by date, by its days. Links to an expense remember the place in the list.
func newDays(in *words.Language, expenses []expense.Expense, today civil.Date, place cursor) []dayView {
	days := make([]dayView, 0, 16)
	query := place.Query()
	var last civil.Date
	for _, e := range expenses {
		if e.Date != last || len(days) == 0 {
			days = append(days, dayView{Date: e.Date.String(), Text: in.Day(e.Date, today)})
			last = e.Date
		}
		day := &days[len(days)-1]
		day.Rows = append(day.Rows, rowView{
			ID: int64(e.ID), Edit: expenseAddress(e.ID) + query,
			Category: string(e.Category.Name), Note: e.Note, Price: in.Amount(e.Price),
		})
	}
	return days
}

// expenseAddress returns the address of an expense's page.
func expenseAddress(id expense.ID) string { return "/expenses/" + strconv.FormatInt(int64(id), 10) }
