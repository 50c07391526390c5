package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"expense-tracker/config"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// settleLedger returns the default ledger. What the settings say of it is written to the storage first, where it says something else.
func settleLedger(ctx context.Context, store storage, settings config.Config, logger *slog.Logger) (ledger.Ledger, error) {
	return retry(ctx, settings.Database.ConnectTimeout, logger, func() (ledger.Ledger, error) {
		wanted, err := settingsLedger(ctx, store.Expenses(), settings)
		if err != nil {
			return ledger.Ledger{}, err
		}
		stored, err := store.Ledgers().Ledger(ctx, wanted.ID)
		switch {
		case err == nil:
			wanted.Name = stored.Name
		case !errors.Is(err, fault.NotFound):
			return ledger.Ledger{}, err
		}
		if err == nil && stored.Equal(wanted) {
			return stored, nil // a storage that cannot be written to can be read all the same
		}
		return store.Ledgers().Define(ctx, wanted)
	})
}

// settingsLedger returns the default ledger as the settings have it.
func settingsLedger(ctx context.Context, store expense.CurrencyStore, settings config.Config) (ledger.Ledger, error) {
	currency, err := ledgerCurrency(ctx, store, settings.Ledger.Currency)
	if err != nil {
		return ledger.Ledger{}, err
	}
	zone, err := time.LoadLocation(settings.Ledger.TimeZone)
	if err != nil {
		return ledger.Ledger{}, fmt.Errorf("time zone: %w", err)
	}
	return ledger.Ledger{ID: ledger.Default, Name: ledger.DefaultName, Currency: currency, Zone: zone}, nil
}

// ledgerCurrency returns the currency of a setting as the storage counts it, which may be one that the list of today has given up.
func ledgerCurrency(ctx context.Context, store expense.CurrencyStore, setting string) (money.Currency, error) {
	stored, err := store.Currency(ctx, strings.ToUpper(setting))
	if !errors.Is(err, fault.NotFound) {
		return stored, err
	}
	listed, err := money.ParseCurrency(setting)
	if err != nil {
		return money.Currency{}, fmt.Errorf("ledger.currency: %w, and the storage has no expenses in it", err)
	}
	return listed, nil
}
