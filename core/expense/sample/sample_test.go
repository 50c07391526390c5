package sample_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/sample"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/money"
)

func options(t *testing.T, code string, seed uint64) sample.Options {
	t.Helper()
	c, err := money.ParseCurrency(code)
	if err != nil {
		t.Fatal(err)
	}
	return sample.Options{
		Count: 1000, From: civil.Date{Year: 2025, Month: time.January, Day: 1}, To: civil.Date{Year: 2025, Month: time.December, Day: 31},
		Seed: seed, Currency: c, Now: time.Unix(0, 0),
	}
}

func TestTheSameSeedGivesTheSameHousehold(t *testing.T) {
	first := slices.Collect(sample.Entries(options(t, "USD", 1)))
	if again := slices.Collect(sample.Entries(options(t, "USD", 1))); !reflect.DeepEqual(first, again) {
		t.Error("the same seed gave other entries")
	}
	if other := slices.Collect(sample.Entries(options(t, "USD", 2))); first[0].Key == other[0].Key || reflect.DeepEqual(first, other) {
		t.Error("another seed gave the same entries")
	}
}

func TestEntriesAreWhatAStorageTakes(t *testing.T) {
	for _, code := range []string{"JPY", "USD", "KWD", "CLF"} {
		keys := make(map[idempotency.Key]bool)
		o := options(t, code, 7)
		last := o.From
		for entry := range sample.Entries(o) {
			if name, err := expense.ParseCategoryName(string(entry.Category)); err != nil || name != entry.Category {
				t.Fatalf("category %q: %v", entry.Category, err)
			}
			if entry.Price.Minor() < 1 || entry.Price.Minor() > money.MaxMinor || entry.Price.Currency() != o.Currency {
				t.Fatalf("price %s", entry.Price)
			}
			if entry.Date.Compare(last) < 0 || entry.Date.Compare(o.To) > 0 {
				t.Fatalf("date %s after %s", entry.Date, last)
			}
			last = entry.Date
			keys[entry.Key] = true
		}
		if len(keys) != o.Count || last != o.To {
			t.Errorf("%d keys up to %s, want %d up to %s", len(keys), last, o.Count, o.To)
		}
	}
}
