package ledger_test

import (
	"testing"
	"time"

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
