package ledger_test

import (
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

// Today is asked of the ledger: at one moment it is another day where other people live.
func TestTodayIsTheLedgersOwn(t *testing.T) {
	now := time.Date(2026, time.March, 31, 23, 30, 0, 0, time.UTC)
	for zone, want := range map[string]string{"": "2026-03-31", "UTC": "2026-03-31", "Pacific/Auckland": "2026-04-01",
		"America/New_York": "2026-03-31"} {
		l := ledgertest.Ledger(1)
		if zone == "" {
			l.Zone = nil
		} else if location, err := time.LoadLocation(zone); err != nil {
			t.Fatal(err)
		} else {
			l.Zone = location
		}
		if got := l.Today(now).String(); got != want {
			t.Errorf("in zone %q today is %s, want %s", zone, got, want)
		}
	}
}

// Where clocks go forward at midnight a day begins at 01:00, and where they go back to it, with the first of two midnights.
func TestADayBeginsWithItsFirstMoment(t *testing.T) {
	for _, tt := range []struct{ zone, day, want string }{
		{"UTC", "2026-03-31", "2026-03-31T00:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00"},
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"},
		{"America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"},
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"}, // which had no such day
	} {
		l := ledgertest.Ledger(1)
		var err error
		if l.Zone, err = time.LoadLocation(tt.zone); err != nil {
			t.Fatal(err)
		}
		day, err := civil.ParseDate(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		start := l.StartOf(day)
		if got := start.Format(time.RFC3339); got != tt.want {
			t.Errorf("in %s %s begins at %s, want %s", tt.zone, tt.day, got, tt.want)
		}
		if last := l.Today(start.Add(-1)); last.Compare(day) >= 0 {
			t.Errorf("in %s the moment before %s is of %s", tt.zone, tt.day, last)
		}
	}
}

func TestEqualLedgersMayHoldTwoCopiesOfAZone(t *testing.T) {
	one, other := ledgertest.Ledger(1), ledgertest.Ledger(1)
	for _, l := range []*ledger.Ledger{&one, &other} {
		location, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		l.Zone = location
	}
	if one == other {
		t.Fatal("the two have one copy: this test shows nothing")
	}
	if !one.Equal(other) {
		t.Errorf("%+v and %+v are not equal", one, other)
	}
	other.Zone = time.UTC
	if one.Equal(other) {
		t.Error("ledgers of two zones are equal")
	}
}
