package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/core/money"
)

// matchCurrencies tells the file every currency that this program knows, and makes sure that both count the same decimals: a
// price in minor units would mean something else otherwise.
func matchCurrencies(ctx context.Context, db *sql.DB) error {
	known, err := knownCurrencies(ctx, db)
	if err != nil {
		return fmt.Errorf("currencies: %w", err)
	}
	var missing []money.Currency
	for _, c := range money.Codes() {
		currency, err := money.ParseCurrency(c)
		if err != nil {
			return fmt.Errorf("currencies: %w", err)
		}
		digits, ok := known[currency.Code()]
		switch {
		case !ok:
			missing = append(missing, currency)
		case digits != currency.Digits():
			return fmt.Errorf("sqlite: the file keeps %s with %d decimals, this program with %d: use the version that wrote it", currency, digits, currency.Digits())
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return addCurrencies(ctx, db, missing)
}

func knownCurrencies(ctx context.Context, db *sql.DB) (map[string]int, error) {
	found, err := db.QueryContext(ctx, `SELECT code, digits FROM currency`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }() // found.Err has told the outcome by then
	known := make(map[string]int)
	for found.Next() {
		var code string
		var digits int
		if err := found.Scan(&code, &digits); err != nil {
			return nil, err
		}
		known[code] = digits
	}
	return known, found.Err()
}

func addCurrencies(ctx context.Context, db *sql.DB, missing []money.Currency) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("currencies: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after the commit it does nothing; before it, an error is on its way
	for _, c := range missing {
		scale := 1
		for range c.Digits() {
			scale *= 10
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO currency (code, digits, scale) VALUES (?1, ?2, ?3) ON CONFLICT (code) DO NOTHING`, c.Code(), c.Digits(), scale); err != nil {
			return fmt.Errorf("currency %s: %w", c, err)
		}
	}
	return tx.Commit()
}
