package civil_test

import (
	"testing"
	"time"

	"expense-tracker/core/civil"
)

func TestParseDate(t *testing.T) {
	for _, s := range []string{"2024-02-29", "1900-01-01", "2199-12-31"} {
		if d, err := civil.ParseDate(s); err != nil || d.String() != s {
			t.Errorf("ParseDate(%q) = %s, %v", s, d, err)
		}
	}
	for _, s := range []string{"", "2023-02-29", "2026-13-01", "2026-1-1", "01/02/2026", "2026-01-01T00:00:00Z", " 2026-01-01", "20260101",
		"99999-01-01"} {
		if d, err := civil.ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %s, want an error", s, d)
		}
	}
}

// The day is the user's, whatever the instant is called elsewhere.
func TestDateOfKeepsTheLocationsDay(t *testing.T) {
	instant := time.Date(2026, 3, 1, 0, 30, 0, 0, time.UTC)
	for zone, want := range map[string]string{"UTC": "2026-03-01", "America/New_York": "2026-02-28", "Pacific/Auckland": "2026-03-01"} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := civil.DateOf(instant.In(location)).String(); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
}

func TestAddDaysCrossesMonthsAndYears(t *testing.T) {
	d := civil.Date{Year: 2024, Month: time.February, Day: 28}
	for days, want := range map[int]string{0: "2024-02-28", 1: "2024-02-29", 2: "2024-03-01", 308: "2025-01-01", -59: "2023-12-31"} {
		if got := d.AddDays(days).String(); got != want {
			t.Errorf("%+d days: %s, want %s", days, got, want)
		}
	}
}

func TestOrder(t *testing.T) {
	earlier, later := civil.Date{Year: 2025, Month: 12, Day: 31}, civil.Date{Year: 2026, Month: 1, Day: 1}
	if earlier.Compare(later) != -1 || later.Compare(earlier) != 1 || later.Compare(later) != 0 {
		t.Error("dates are out of order")
	}
	if earlier.MonthOf().Number() >= later.MonthOf().Number() {
		t.Error("months are out of order")
	}
	if m := later.MonthOf(); civil.MonthOfNumber(m.Number()) != m || m.String() != "2026-01" || m.First() != later {
		t.Errorf("month %v", m)
	}
	if !(civil.Month{}).IsZero() || !(civil.Date{}).IsZero() || (civil.Month{}).Number() != 0 {
		t.Error("zero values are not zero")
	}
}

func FuzzParseDate(f *testing.F) {
	f.Add("2024-02-29")
	f.Add("2026-00-00")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := civil.ParseDate(s); err == nil && d.String() != s {
			t.Errorf("ParseDate(%q) = %s", s, d)
		}
	})
}

func TestMonthsAreCounted(t *testing.T) {
	january := civil.Month{Year: 2028, Month: time.January}
	for n, want := range map[int]string{
		0: "2028-01-31", 1: "2028-02-29", 11: "2028-12-31", 12: "2029-01-31", -1: "2027-12-31", -11: "2027-02-28",
	} {
		if got := january.AddMonths(n).Last().String(); got != want {
			t.Errorf("the last day %d months after January is %s, want %s", n, got, want)
		}
	}
}
