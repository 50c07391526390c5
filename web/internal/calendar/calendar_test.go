package calendar_test

import (
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/web/internal/calendar"
)

func TestDaysAreNamedAsSeenFromToday(t *testing.T) {
	today := civil.Date{Year: 2026, Month: time.January, Day: 1}
	for _, tt := range []struct {
		day  civil.Date
		want string
	}{
		{today, "Today"},
		{today.AddDays(-1), "Yesterday"},
		{today.AddDays(-2), "Tuesday, 30 December 2025"},
		{today.AddDays(1), "Friday, 2 January"},
	} {
		if got := calendar.Day(tt.day, today); got != tt.want {
			t.Errorf("%v is %q, want %q", tt.day, got, tt.want)
		}
	}
	if got := calendar.Month(today.MonthOf()); got != "January 2026" {
		t.Errorf("the month is %q", got)
	}
}
