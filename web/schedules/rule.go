package schedules

import (
	"strconv"

	"expense-tracker/core/civil"
	"expense-tracker/core/schedule"
	"expense-tracker/web/internal/words"
)

// ruleText says when a rule repeats.
func ruleText(in *words.Language, r schedule.Rule) string {
	every := int64(r.Every)
	switch r.Frequency {
	case schedule.Daily:
		const (
			everyDay words.Phrase = "every day"
			someDays words.Phrase = "every %d days"
		)
		if every == 1 {
			return in.T(everyDay)
		}
		return in.T(someDays, r.Every)
	case schedule.Weekly:
		if every == 1 {
			const weekly words.Phrase = "every %s"
			return in.T(weekly, in.Weekday(r.Start))
		}
		const someWeeks words.Phrase = "every %d weeks, on %s"
		return in.T(someWeeks, r.Every, in.Weekday(r.Start))
	case schedule.Monthly:
		return monthlyText(in, r)
	case schedule.Yearly:
	}
	if every == 1 {
		const yearly words.Phrase = "yearly on %s"
		return in.T(yearly, in.DayOfYear(r.Start))
	}
	const someYears words.Phrase = "every %d years, on %s"
	return in.T(someYears, r.Every, in.DayOfYear(r.Start))
}

func monthlyText(in *words.Language, r schedule.Rule) string {
	const (
		onLast     words.Phrase = "monthly on the last day"
		onDay      words.Phrase = "monthly on the %s"
		someOnLast words.Phrase = "every %d months, on the last day"
		someOnDay  words.Phrase = "every %d months, on the %s"
	)
	isLast := r.Day == schedule.LastDay
	switch {
	case r.Every == 1 && isLast:
		return in.T(onLast)
	case r.Every == 1:
		return in.T(onDay, ordinal(in, r.Day))
	case isLast:
		return in.T(someOnLast, r.Every)
	}
	return in.T(someOnDay, r.Every, ordinal(in, r.Day))
}

// ordinal writes the number of a day, as in the 1st.
func ordinal(in *words.Language, n int) string {
	const (
		first  words.Phrase = "%dst"
		second words.Phrase = "%dnd"
		third  words.Phrase = "%drd"
		other  words.Phrase = "%dth"
	)
	switch {
	case n%10 == 1 && n != 11:
		return in.T(first, n)
	case n%10 == 2 && n != 12:
		return in.T(second, n)
	case n%10 == 3 && n != 13:
		return in.T(third, n)
	}
	return in.T(other, n)
}

// choice is an option of a list.
type choice struct {
	Value, Text string
	Chosen      bool
}

// frequencies are the units that a rule can count in.
func frequencies(in *words.Language, chosen string) []choice {
	const (
		days   words.Phrase = "Days"
		weeks  words.Phrase = "Weeks"
		months words.Phrase = "Months"
		years  words.Phrase = "Years"
	)
	all := []choice{
		{Value: string(schedule.Daily), Text: in.T(days)}, {Value: string(schedule.Weekly), Text: in.T(weeks)},
		{Value: string(schedule.Monthly), Text: in.T(months)}, {Value: string(schedule.Yearly), Text: in.T(years)},
	}
	for i := range all {
		all[i].Chosen = all[i].Value == chosen
	}
	return all
}

// days are the days of a month, the last of which falls on the last day of each.
func days(in *words.Language, chosen string) []choice {
	const (
		asStart words.Phrase = "The day of the start"
		last    words.Phrase = "The last day"
	)
	all := []choice{{Text: in.T(asStart)}}
	for n := 1; n < schedule.LastDay; n++ {
		all = append(all, choice{Value: strconv.Itoa(n), Text: ordinal(in, n)})
	}
	all = append(all, choice{Value: strconv.Itoa(schedule.LastDay), Text: in.T(last)})
	for i := range all {
		all[i].Chosen = all[i].Value == chosen
	}
	return all
}

// until returns the last day of a rule in words; empty if it has none.
func until(in *words.Language, r schedule.Rule, now civil.Date) string {
	if r.End.IsZero() {
		return ""
	}
	return in.ShortDay(r.End, now)
}
