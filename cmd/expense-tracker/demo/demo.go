// Package demo makes the data that the program shows in its demo.
package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/expense/sample"
	"expense-tracker/core/ledger"
)

const (
	expenses = 1050 // about three a day
	seed     = 12
)

// Fill adds a year of a household's spending to a ledger, up to the day that it is there now.
func Fill(ctx context.Context, store expense.Store, own ledger.Ledger, now time.Time) error {
	today := own.Today(now)
	entries := slices.Collect(sample.Entries(sample.Options{
		Count: expenses, From: today.AddDays(-364), To: today, Seed: seed, Currency: own.Currency, Now: now,
	}))
	results, err := store.AddAll(ctx, own.ID, entries)
	if err != nil {
		return fmt.Errorf("fill the demo: %w", err)
	}
	for i, result := range results {
		if result.Err != nil {
			return fmt.Errorf("fill the demo: expense %d of %d: %w", i+1, len(entries), result.Err)
		}
	}
	return nil
}
