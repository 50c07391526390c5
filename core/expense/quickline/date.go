package quickline

import (
	"strconv"
	"strings"
	"time"

	"expense-tracker/core/civil"
)

// date finds the first word that names a day, and takes a word before it that belongs to it, such as "on".
func (r *reader) date() {
	for i, w := range r.words {
		if w.used {
			continue
		}
		before := ""
		if i > 0 && !r.words[i-1].used {
			before = folded(r.words[i-1].text)
		}
		day, ok := dayOf(w.text, r.known.Today, isLast(before))
		if !ok {
			continue
		}
		r.line.Date, r.words[i].used = day, true
		if isLast(before) || before == "on" || before == "am" {
			r.words[i-1].used = true
		}
		return
	}
}

func isLast(word string) bool {
	return word == "last" || word == "letzten" || word == "letzter" || word == "letzte"
}

// dayOf returns the day that a word names. The last monday is never today.
func dayOf(typed string, today civil.Date, last bool) (civil.Date, bool) {
	key := folded(typed)
	switch key {
	case "today", "heute":
		return today, true
	case "yesterday", "gestern":
		return today.AddDays(-1), true
	case "vorgestern":
		return today.AddDays(-2), true
	}
	if weekday, ok := weekdayOf(key); ok {
		back := (int(today.UTC().Weekday()) - int(weekday) + 7) % 7
		if back == 0 && last {
			back = 7
		}
		return today.AddDays(-back), true
	}
	typed = strings.TrimRight(typed, ",;:")
	if day, err := civil.ParseDate(strings.TrimRight(typed, ".")); err == nil {
		return day, true
	}
	return german(typed, today)
}

func weekdayOf(key string) (time.Weekday, bool) {
	for weekday, names := range [...][]string{
		time.Sunday: {"sunday", "sonntag"}, time.Monday: {"monday", "montag"}, time.Tuesday: {"tuesday", "dienstag"},
		time.Wednesday: {"wednesday", "mittwoch"}, time.Thursday: {"thursday", "donnerstag"}, time.Friday: {"friday", "freitag"},
		time.Saturday: {"saturday", "samstag", "sonnabend"},
	} {
		for _, name := range names {
			if name == key {
				return time.Weekday(weekday), true
			}
		}
	}
	return 0, false
}

// german reads 3.11., 3.11.26 and 3.11.2026. Without a year it is the last such day.
func german(typed string, today civil.Date) (civil.Date, bool) {
	parts := strings.Split(typed, ".")
	if len(parts) == 4 && parts[3] == "" && parts[2] != "" { // the end of a sentence
		parts = parts[:3]
	}
	if len(parts) != 3 || !isShort(parts[0]) || !isShort(parts[1]) {
		return civil.Date{}, false
	}
	day, _ := strconv.Atoi(parts[0]) // two digits at most
	month, _ := strconv.Atoi(parts[1])
	if parts[2] == "" {
		for year := today.Year; year > today.Year-9; year-- { // a 29 February comes within nine years
			if date, ok := exists(year, month, day); ok && date.Compare(today) <= 0 {
				return date, true
			}
		}
		return civil.Date{}, false
	}
	year, err := strconv.Atoi(parts[2])
	if err != nil || strings.Trim(parts[2], "0123456789") != "" {
		return civil.Date{}, false
	}
	switch len(parts[2]) {
	case 2:
		return exists(2000+year, month, day)
	case 4:
		return exists(year, month, day)
	}
	return civil.Date{}, false
}

// isShort reports whether s is one or two digits.
func isShort(s string) bool {
	return (len(s) == 1 || len(s) == 2) && strings.Trim(s, "0123456789") == ""
}

func exists(year, month, day int) (civil.Date, bool) {
	date := civil.Date{Year: year, Month: time.Month(month), Day: day}
	return date, year > 0 && civil.DateOf(date.UTC()) == date
}

// isMissingDay reports whether a word says a day and a month without a year, as in 31.2., whether or not there is such a day.
func isMissingDay(typed string) bool {
	parts := strings.Split(strings.TrimRight(typed, ",;:"), ".")
	if len(parts) != 3 || parts[2] != "" || !isShort(parts[0]) || !isShort(parts[1]) {
		return false
	}
	day, _ := strconv.Atoi(parts[0])
	month, _ := strconv.Atoi(parts[1])
	return day >= 1 && day <= 31 && month >= 1 && month <= 12
}
