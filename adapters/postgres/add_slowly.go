package postgres

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/adapters/internal/sqlstore"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

const createCategories = `
INSERT INTO category (ledger_id, name, name_key)
SELECT $1, c.name, c.name_key
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS c (name, name_key, place)
ORDER BY c.place
ON CONFLICT (ledger_id, name_key) DO NOTHING`

const totalsOfAllTime = `SELECT currency, minor FROM expense_total WHERE ledger_id = $1 AND month = 0 AND category_id = 0`

const findKeys = sqlstore.SelectColumns + `, e.idempotency_key, e.fingerprint
FROM expense_entry e` + sqlstore.JoinCategories + `
WHERE e.ledger_id = $1 AND e.idempotency_key = ANY ($2::text[])`

// addSlowly adds the open entries in steps: what is needed when one has a new category, or is too much for a total. The ledger is
// locked, so what it finds stays true until the commit. Of what it refuses not even the category stays.
func (a *addition) addSlowly(ctx context.Context, tx *sql.Tx) error {
	if err := a.findKnown(ctx, tx); err != nil {
		return err
	}
	if err := a.refuseTooMuch(ctx, tx); err != nil {
		return err
	}
	entries := pick(a.entries, a.open())
	if len(entries) == 0 {
		return sqlstore.ErrNothingChanged
	}
	names, keys := make([]string, len(entries)), make([]string, len(entries))
	for i, entry := range entries {
		names[i], keys[i] = string(entry.Category), entry.Category.Key()
	}
	if _, err := tx.ExecContext(ctx, createCategories, int64(a.in), names, keys); err != nil {
		return fmt.Errorf("create categories: %w", err)
	}
	stored, err := insert(ctx, tx, a.in, entries)
	if err != nil {
		return err
	}
	if len(stored) != len(entries) {
		return fmt.Errorf("%d of %d new entries were stored", len(stored), len(entries))
	}
	a.accept(stored)
	return nil
}

// refuseTooMuch refuses, in their order, those of the open entries with which the total of all time would leave its range. No other
// total is larger, for each is of a part of the same prices.
func (a *addition) refuseTooMuch(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, totalsOfAllTime, int64(a.in))
	if err != nil {
		return fmt.Errorf("totals of all time: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told the outcome by then
	totals := make(map[string]int64)    // by currency, in minor units
	for rows.Next() {
		var code string
		var minor int64
		if err := rows.Scan(&code, &minor); err != nil {
			return fmt.Errorf("read a total: %w", err)
		}
		totals[code] = minor
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("totals of all time: %w", err)
	}
	for _, place := range a.open() {
		price := a.entries[place].Price
		total, err := money.AddMinor(totals[price.Currency().Code()], price.Minor())
		if err != nil {
			a.results[place].Err = expense.TotalOverflow("postgres.AddAll", err)
			continue
		}
		totals[price.Currency().Code()] = total
	}
	return nil
}

// findKnown gives the open entries whose key is stored their outcome: a duplicate, or a conflict.
func (a *addition) findKnown(ctx context.Context, on queryer) error {
	byKey := make(map[expense.Key]int)
	keys := make([]string, 0)
	for _, place := range a.open() {
		key := a.entries[place].Key
		byKey[key] = place
		keys = append(keys, string(key))
	}
	rows, err := on.QueryContext(ctx, findKeys, int64(a.in), keys)
	if err != nil {
		return fmt.Errorf("find known keys: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told the outcome by then
	for rows.Next() {
		var key expense.Key
		var fingerprint []byte
		e, err := a.store.ScanExpense(rows, &key, &fingerprint)
		if err != nil {
			return fmt.Errorf("read a known entry: %w", err)
		}
		place := byKey[key]
		if !bytes.Equal(fingerprint, a.entries[place].Fingerprint[:]) {
			a.results[place].Err = expense.KeyReused("postgres.AddAll")
			continue
		}
		a.results[place].Receipt = expense.Receipt{Expense: e, Duplicate: true}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("find known keys: %w", err)
	}
	return nil
}
