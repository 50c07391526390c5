package words

import (
	"testing"
	"time"

	"expense-tracker/core/civil"
)

func languageNamed(t *testing.T, tag string) *Language {
	t.Helper()
	book, err := Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range book.All() {
		if l.Tag() == tag {
			return l
		}
	}
	t.Fatalf("there is no language %s", tag)
	return nil
}

func TestDaysAreNamedAsSeenFromToday(t *testing.T) {
	today := civil.Date{Year: 2026, Month: time.January, Day: 1}
	for tag, want := range map[string][5]string{
		"en": {"Today", "Yesterday", "Tuesday, 30 December 2025", "Friday, 2 January", "January 2026"},
		"de": {"Heute", "Gestern", "Dienstag, 30. Dezember 2025", "Freitag, 2. Januar", "Januar 2026"},
	} {
		l := languageNamed(t, tag)
		for i, day := range []civil.Date{today, today.AddDays(-1), today.AddDays(-2), today.AddDays(1)} {
			if got := l.Day(day, today); got != want[i] {
				t.Errorf("%s: %v is %q, want %q", tag, day, got, want[i])
			}
		}
		if got := l.Month(today.MonthOf()); got != want[4] {
			t.Errorf("%s: the month is %q", tag, got)
		}
	}
}

// English puts the day first, so that no reader takes one form of a date for another. Other languages write a full date as CLDR does.
func TestFullDatesAreThoseOfCLDR(t *testing.T) {
	book, err := Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range book.languages[1:] {
		for day := (civil.Date{Year: 2026, Month: time.January, Day: 1}); day.Year == 2026; day = day.AddDays(9) {
			if got, want := l.FullDay(day), l.names.FmtDateFull(day.UTC()); got != want {
				t.Errorf("%s: %q, and CLDR has %q", l.Tag(), got, want)
			}
		}
	}
}
