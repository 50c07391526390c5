// Package civil holds calendar days and months as people write them: no time, no zone. The day that a user says they
// spent money on is such a date; turning it into an instant is how other programs lose a day.
package civil

import (
	"fmt"
	"time"
)

const layout = "2006-01-02"

// Date is a day of the Gregorian calendar. The zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day that t falls on in t's own location.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// ParseDate reads YYYY-MM-DD and refuses days that the calendar does not have.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date of the form YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// String returns YYYY-MM-DD.
func (d Date) String() string { return d.UTC().Format(layout) }

// UTC returns the day's midnight in UTC: for formatting and for drivers that take a time, never as an instant.
func (d Date) UTC() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// AddDays returns the day n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.UTC().AddDate(0, 0, n)) }

// Compare returns -1, 0 or +1 as d is before, equal to or after other.
func (d Date) Compare(other Date) int { return d.UTC().Compare(other.UTC()) }

// MonthOf returns the month that d lies in.
func (d Date) MonthOf() Month { return Month{d.Year, d.Month} }

// Month is a month of a year. The zero Month is no month.
type Month struct {
	Year  int
	Month time.Month
}

// Number returns the month as the integer YYYYMM, which sorts as the months do; 0 for no month.
func (m Month) Number() int { return m.Year*100 + int(m.Month) }

// MonthOfNumber is the reverse of Number.
func MonthOfNumber(n int) Month { return Month{n / 100, time.Month(n % 100)} }

// String returns YYYY-MM.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month)) }

// First returns the month's first day.
func (m Month) First() Date { return Date{m.Year, m.Month, 1} }

// Last returns the month's last day.
func (m Month) Last() Date { return m.AddMonths(1).First().AddDays(-1) }

// AddMonths returns the month n months later, or earlier if n is negative.
func (m Month) AddMonths(n int) Month { return DateOf(m.First().UTC().AddDate(0, n, 0)).MonthOf() }

// IsZero reports whether m is no month.
func (m Month) IsZero() bool { return m == Month{} }
