// Package calendar writes days and months as people say them.
package calendar

import "expense-tracker/core/civil"

// Day names a day as seen from today: the year is left out where it goes without saying.
func Day(day, today civil.Date) string {
	switch {
	case day == today:
		return "Today"
	case day == today.AddDays(-1):
		return "Yesterday"
	case day.Year == today.Year:
		return day.UTC().Format("Monday, 2 January")
	}
	return FullDay(day)
}

// FullDay names a day with its year.
func FullDay(day civil.Date) string { return day.UTC().Format("Monday, 2 January 2006") }

// Month names a month with its year.
func Month(m civil.Month) string { return m.First().UTC().Format("January 2006") }

// ShortMonth names a month in three letters.
func ShortMonth(m civil.Month) string { return m.Month.String()[:3] }
