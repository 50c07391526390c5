package web

import (
	"strconv"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
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
func newDays(expenses []expense.Expense, today civil.Date, place cursor) []dayView {
	days := make([]dayView, 0, 16)
	query := place.query()
	var last civil.Date
	for _, e := range expenses {
		if e.Date != last || len(days) == 0 {
			days = append(days, dayView{Date: e.Date.String(), Text: dayText(e.Date, today)})
			last = e.Date
		}
		day := &days[len(days)-1]
		day.Rows = append(day.Rows, rowView{
			ID: int64(e.ID), Edit: "/expenses/" + strconv.FormatInt(int64(e.ID), 10) + query,
			Category: string(e.Category.Name), Note: e.Note, Price: e.Price.Format(),
		})
	}
	return days
}

// dayText names a day as seen from today: the year is left out where it goes without saying.
func dayText(day, today civil.Date) string {
	switch {
	case day == today:
		return "Today"
	case day == today.AddDays(-1):
		return "Yesterday"
	case day.Year == today.Year:
		return day.UTC().Format("Monday, 2 January")
	}
	return day.UTC().Format("Monday, 2 January 2006")
}

func monthText(m civil.Month) string { return m.First().UTC().Format("January 2006") }

// count returns "1 expense" or "1,234 expenses".
func count(n int64) string {
	if n == 1 {
		return "1 expense"
	}
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits + " expenses"
}
