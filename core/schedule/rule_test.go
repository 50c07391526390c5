package schedule_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"expense-tracker/core/civil"
	"expense-tracker/core/schedule"
)

func day(t testing.TB, text string) civil.Date {
	t.Helper()
	d, err := civil.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestARuleCountsFromItsStart(t *testing.T) {
	for _, c := range []struct {
		name      string
		frequency schedule.Frequency
		every     int
		day       int
		start     string
		end       string
		want      string // the first dates, or all of them if there is an end
	}{
		{"daily over a leap day", schedule.Daily, 1, 0, "2028-02-27", "", "2028-02-27 2028-02-28 2028-02-29 2028-03-01"},
		{"every third day", schedule.Daily, 3, 0, "2026-12-30", "", "2026-12-30 2027-01-02 2027-01-05 2027-01-08"},
		{"weekly", schedule.Weekly, 1, 0, "2026-11-30", "", "2026-11-30 2026-12-07 2026-12-14 2026-12-21"},
		{"every two weeks", schedule.Weekly, 2, 0, "2026-12-24", "", "2026-12-24 2027-01-07 2027-01-21 2027-02-04"},
		{"monthly on the 31st", schedule.Monthly, 1, 31, "2026-01-31", "", "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31"},
		{"monthly on the 31st in a leap year", schedule.Monthly, 1, 31, "2028-01-31", "", "2028-01-31 2028-02-29 2028-03-31"},
		{"monthly on the 30th", schedule.Monthly, 1, 30, "2027-01-30", "", "2027-01-30 2027-02-28 2027-03-30"},
		{"on the last day", schedule.Monthly, 1, schedule.LastDay, "2026-02-10", "", "2026-02-28 2026-03-31 2026-04-30"},
		{"a start behind the day", schedule.Monthly, 1, 5, "2026-11-20", "", "2026-12-05 2027-01-05"},
		{"every three months, a start behind the day", schedule.Monthly, 3, 5, "2026-11-20", "", "2026-12-05 2027-03-05 2027-06-05"},
		{"yearly", schedule.Yearly, 1, 0, "2026-11-23", "", "2026-11-23 2027-11-23 2028-11-23"},
		{"yearly on 29 February", schedule.Yearly, 1, 0, "2028-02-29", "",
			"2028-02-29 2029-02-28 2030-02-28 2031-02-28 2032-02-29"},
		{"an end that counts", schedule.Weekly, 1, 0, "2026-11-30", "2026-12-14", "2026-11-30 2026-12-07 2026-12-14"},
		{"the end of the calendar", schedule.Yearly, 1, 0, "2198-05-01", "2199-12-31", "2198-05-01 2199-05-01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule := schedule.Rule{Frequency: c.frequency, Every: c.every, Day: c.day, Start: day(t, c.start)}
			count := len(strings.Fields(c.want))
			if c.end != "" {
				rule.End = day(t, c.end)
				count++
			}
			var got []string
			at := rule.Start.AddDays(-1)
			for range count {
				next, ok := rule.Next(at)
				if !ok {
					break
				}
				got = append(got, next.String())
				at = next
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, " "), c.want)
			}
		})
	}
}

// naive is the rule as a person would say it, day by day.
func naive(r schedule.Rule, d civil.Date) bool {
	if d.Compare(r.Start) < 0 || !r.End.IsZero() && d.Compare(r.End) > 0 {
		return false
	}
	days := int(d.UTC().Unix()-r.Start.UTC().Unix()) / 86400
	isLast := d.AddDays(1).Month != d.Month
	months := func(from civil.Date) int { return 12*(d.Year-from.Year) + int(d.Month) - int(from.Month) }
	falls := func(on int) bool { return d.Day == on || isLast && d.Day < on }
	switch r.Frequency {
	case schedule.Daily:
		return days%r.Every == 0
	case schedule.Weekly:
		return days%(7*r.Every) == 0
	case schedule.Monthly:
		first := r.Start
		for last := first.AddDays(1).Month != first.Month; first.Day != r.Day && (!last || first.Day >= r.Day); {
			first = first.AddDays(1)
			last = first.AddDays(1).Month != first.Month
		}
		return falls(r.Day) && months(first)%r.Every == 0
	case schedule.Yearly:
	}
	return falls(r.Start.Day) && months(r.Start)%12 == 0 && (d.Year-r.Start.Year)%r.Every == 0
}

func anyRule(t *rapid.T) schedule.Rule {
	start := civil.Date{Year: 2020, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3000).Draw(t, "start"))
	rule := schedule.Rule{
		Frequency: rapid.SampledFrom(schedule.Frequencies()).Draw(t, "frequency"),
		Every:     rapid.IntRange(1, 14).Draw(t, "every"), Start: start,
	}
	if rule.Frequency == schedule.Monthly {
		rule.Day = rapid.IntRange(1, schedule.LastDay).Draw(t, "day")
	}
	if rapid.Bool().Draw(t, "ends") {
		rule.End = start.AddDays(rapid.IntRange(0, 2000).Draw(t, "end"))
	}
	return rule
}

// Next agrees with looking at each day, from whichever day it is asked, however far that is from the start.
func TestNextIsWhatLookingAtEachDayFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := anyRule(t)
		after := rule.Start.AddDays(rapid.IntRange(-400, 4000).Draw(t, "after"))
		want, found := civil.Date{}, false
		for d, n := after.AddDays(1), 0; n < 800 && !found; d, n = d.AddDays(1), n+1 {
			if naive(rule, d) {
				want, found = d, true
			}
		}
		got, ok := rule.Next(after)
		if !found && ok && daysApart(after, got) <= 800 {
			t.Fatalf("%s after %s: got %s, which is no date of it", rule, after, got)
		}
		if found && (!ok || got != want) {
			t.Fatalf("%s after %s: got %s, %t, want %s", rule, after, got, ok, want)
		}
	})
}

func daysApart(a, b civil.Date) int { return int(b.UTC().Unix()-a.UTC().Unix()) / 86400 }

func FuzzNext(f *testing.F) {
	f.Add("monthly", 1, 31, 2026, 1, 31, 2026, 2, 1)
	f.Add("yearly", 1, 0, 2028, 2, 29, 2199, 12, 31)
	f.Add("weekly", 999, 0, 1900, 1, 1, 2199, 12, 31)
	f.Fuzz(func(t *testing.T, frequency string, every, on, year, month, of, afterYear, afterMonth, afterDay int) {
		start, err := civil.ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, of))
		after, err2 := civil.ParseDate(fmt.Sprintf("%04d-%02d-%02d", afterYear, afterMonth, afterDay))
		f := schedule.Frequency(frequency)
		if err != nil || err2 != nil || every < 1 || every > schedule.MaxEvery || on < 1 || on > schedule.LastDay ||
			start.Year < 1900 || start.Year > 2199 || after.Year < 1900 || after.Year > 2199 {
			return
		}
		switch f {
		case schedule.Daily, schedule.Weekly, schedule.Yearly:
			on = 0
		case schedule.Monthly:
		default:
			return
		}
		rule := schedule.Rule{Frequency: f, Every: every, Day: on, Start: start}
		next, ok := rule.Next(after)
		if !ok {
			return
		}
		if next.Compare(after) <= 0 || next.Compare(start) < 0 || next.Year > 2199 {
			t.Fatalf("%s after %s gave %s", rule, after, next)
		}
		if !naive(rule, next) {
			t.Fatalf("%s after %s gave %s, which is none of its days", rule, after, next)
		}
	})
}
