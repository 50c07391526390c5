package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"expense-tracker/config"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/sample"
	"expense-tracker/core/ledger"
)

const (
	demoExpenses = 1050 // about three a day
	demoSeed     = 12
)

// fillDemo adds a year of a household's spending, up to today.
func fillDemo(ctx context.Context, store expense.Store, settings config.Config) error {
	own, err := settingsLedger(ctx, store, settings)
	if err != nil {
		return err
	}
	now := time.Now()
	today := own.Today(now)
	entries := slices.Collect(sample.Entries(sample.Options{
		Count: demoExpenses, From: today.AddDays(-364), To: today, Seed: demoSeed, Currency: own.Currency, Now: now,
	}))
	results, err := store.AddAll(ctx, ledger.Default, entries)
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
