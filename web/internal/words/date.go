package words

import (
	"strconv"
	"strings"
	"time"

	"expense-tracker/core/civil"
)

// The forms of a date, as the reference date of package time is written in them. A catalogue puts them into the language's order; the
// names come from CLDR.
const (
	today     Phrase = "Today"
	yesterday Phrase = "Yesterday"
	fullDay   Phrase = "Monday, 2 January 2006"
	dayOfYear Phrase = "Monday, 2 January"
	fullMonth Phrase = "January 2006"
	shortDay  Phrase = "Mon 2 Jan"
	shortYear Phrase = "Mon 2 Jan 2006"
	monthName Phrase = "January"
	dateOnly  Phrase = "2 January"
	dateYear  Phrase = "2 January 2006"
	weekday   Phrase = "Monday"
)

// Day names a day as seen from today: the year is left out where it goes without saying.
func (l *Language) Day(day, now civil.Date) string {
	switch {
	case day == now:
		return l.T(today)
	case day == now.AddDays(-1):
		return l.T(yesterday)
	case day.Year == now.Year:
		return l.date(dayOfYear, day)
	}
	return l.FullDay(day)
}

// FullDay names a day with its year.
func (l *Language) FullDay(day civil.Date) string { return l.date(fullDay, day) }

// Today is what Day calls today.
func (l *Language) Today() string { return l.T(today) }

// ShortDay names a day in few letters, as seen from today.
func (l *Language) ShortDay(day, now civil.Date) string {
	switch {
	case day == now:
		return l.T(today)
	case day == now.AddDays(-1):
		return l.T(yesterday)
	case day.Year == now.Year:
		return l.date(shortDay, day)
	}
	return l.date(shortYear, day)
}

// Date names a day within a sentence, as seen from today: without its weekday, and its year where that goes without saying.
func (l *Language) Date(day, now civil.Date) string {
	if day.Year == now.Year {
		return l.date(dateOnly, day)
	}
	return l.date(dateYear, day)
}

// Clock writes the time of day, to the minute.
func (l *Language) Clock(at time.Time) string {
	text := l.names.FmtTimeShort(at)
	if l.pseudo {
		return accented(text)
	}
	return text
}

// MonthName names a month without its year.
func (l *Language) MonthName(m civil.Month) string { return l.date(monthName, m.First()) }

// NarrowMonth names a month in one letter, for a narrow axis.
func (l *Language) NarrowMonth(m civil.Month) string {
	narrow := l.names.MonthNarrow(m.Month)
	if l.pseudo {
		return accented(narrow)
	}
	return narrow
}

// Year names a year.
func (l *Language) Year(year int) string {
	return l.date("2006", civil.Date{Year: year, Month: 1, Day: 1})
}

// Month names a month with its year.
func (l *Language) Month(m civil.Month) string { return l.date(fullMonth, m.First()) }

// ShortMonth names a month in a few letters, without the full stop of an abbreviation.
func (l *Language) ShortMonth(m civil.Month) string {
	short := strings.TrimSuffix(l.names.MonthAbbreviated(m.Month), ".")
	if l.pseudo {
		return accented(short)
	}
	return short
}

// date writes a day in a form.
func (l *Language) date(form Phrase, day civil.Date) string {
	layout := string(form)
	if found, ok := l.texts[layout]; ok {
		layout = found.other
	}
	text := make([]byte, 0, 40)
	for layout != "" {
		name, value := l.part(layout, day)
		if name == 0 {
			name, value = 1, layout[:1]
		}
		text, layout = append(text, value...), layout[name:]
	}
	if l.pseudo {
		return accented(string(text))
	}
	return string(text)
}

// part returns what stands for the part of a date that a layout begins with, and the bytes that the layout has for it: 0 if it
// begins with none.
func (l *Language) part(layout string, day civil.Date) (length int, value string) {
	switch {
	case strings.HasPrefix(layout, "Monday"):
		return len("Monday"), l.names.WeekdayWide(day.UTC().Weekday())
	case strings.HasPrefix(layout, "Mon"):
		return len("Mon"), strings.TrimSuffix(l.names.WeekdayAbbreviated(day.UTC().Weekday()), ".")
	case strings.HasPrefix(layout, "January"):
		return len("January"), l.names.MonthWide(day.Month)
	case strings.HasPrefix(layout, "Jan"):
		return len("Jan"), strings.TrimSuffix(l.names.MonthAbbreviated(day.Month), ".")
	case strings.HasPrefix(layout, "2006"):
		return len("2006"), strconv.Itoa(day.Year)
	case strings.HasPrefix(layout, "2"):
		return len("2"), strconv.Itoa(day.Day)
	}
	return 0, ""
}

// Weekday names the day of the week that a day is.
func (l *Language) Weekday(day civil.Date) string { return l.date(weekday, day) }

// DayOfYear names a day of every year: its number and its month.
func (l *Language) DayOfYear(day civil.Date) string { return l.date(dateOnly, day) }
