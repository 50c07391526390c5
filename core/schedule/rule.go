package schedule

import (
	"time"

	"expense-tracker/core/civil"
)

// Frequency is the unit in which a rule counts. The zero value is none.
type Frequency string

// The frequencies, as forms and storages name them.
const (
	Daily   Frequency = "daily"
	Weekly  Frequency = "weekly"
	Monthly Frequency = "monthly"
	Yearly  Frequency = "yearly"
)

// Frequencies returns every frequency, the most frequent first.
func Frequencies() []Frequency { return []Frequency{Daily, Weekly, Monthly, Yearly} }

const (
	// MaxEvery is the largest number of days, weeks, months or years between two dates of a rule.
	MaxEvery = 999
	// LastDay is the day of a monthly rule that falls on the last day of each month.
	LastDay = 32
	// lastYear is the last in which an expense can be.
	lastYear = 2199
)

// Rule says on which days something repeats. Each date is counted from the start and never from the date before: a month that is too
// short for a day moves no later date.
type Rule struct {
	Frequency Frequency
	Every     int        // days, weeks, months or years between two dates, from 1 to MaxEvery
	Day       int        // of a monthly rule: 1 to 31, of which a short month takes its last day, or LastDay; 0 for other rules
	Start     civil.Date // the first date, or the day from which a monthly rule looks for its day
	End       civil.Date // the last day that counts; zero for none
}

// First returns the first date, without regard to the end.
func (r Rule) First() civil.Date { return r.at(0) }

// Next returns the first date after a day; false if the rule has ended by then.
func (r Rule) Next(after civil.Date) (civil.Date, bool) {
	next := r.at(r.indexAfter(after))
	if next.Year > lastYear || !r.End.IsZero() && next.Compare(r.End) > 0 {
		return civil.Date{}, false
	}
	return next, true
}

// at returns the date of a number, which counts from 0.
func (r Rule) at(n int) civil.Date {
	switch r.Frequency {
	case Daily:
		return r.Start.AddDays(n * r.Every)
	case Weekly:
		return r.Start.AddDays(7 * n * r.Every)
	case Monthly:
		return dayIn(r.anchor()+n*r.Every, r.Day)
	case Yearly:
	}
	return dayIn(monthIndex(r.Start)+12*n*r.Every, r.Start.Day)
}

// anchor is the month of a monthly rule's first date: the first that has its day at the start or later.
func (r Rule) anchor() int {
	month := monthIndex(r.Start)
	if dayIn(month, r.Day).Compare(r.Start) < 0 {
		month++
	}
	return month
}

// indexAfter returns the number of the first date after a day.
func (r Rule) indexAfter(day civil.Date) int {
	passed := 0 // units since the first date; of months and years, also those that have only begun
	switch r.Frequency {
	case Daily:
		passed = daysBetween(r.Start, day)
	case Weekly:
		passed = daysBetween(r.Start, day) / 7
	case Monthly:
		passed = monthIndex(day) - r.anchor()
	case Yearly:
		passed = day.Year - r.Start.Year
	}
	n := max(0, passed/r.Every)
	if r.at(n).Compare(day) <= 0 {
		n++
	}
	return n
}

// dayIn returns a day of the month with the index, or its last day if the month has no such day.
func dayIn(month, day int) civil.Date {
	year, of := month/12, time.Month(month%12+1)
	last := civil.Date{Year: year, Month: of + 1, Day: 0}.UTC().Day()
	return civil.Date{Year: year, Month: of, Day: min(day, last)}
}

// monthIndex counts months.
func monthIndex(d civil.Date) int { return 12*d.Year + int(d.Month) - 1 }

// daysBetween counts days. A time.Duration is too short for all that calendars hold.
func daysBetween(from, to civil.Date) int {
	const day = 24 * 60 * 60
	return int((to.UTC().Unix() - from.UTC().Unix()) / day)
}
