package postgres

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
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

const findKeys = sqlexpense.SelectColumns + `, e.idempotency_key, e.fingerprint
FROM expense_entry e` + sqlexpense.JoinCategories + `
WHERE e.ledger_id = $1 AND e.idempotency_key = ANY ($2::text[])`

// slowPath stores the open entries in steps: what is needed when one has a new category, or is too much for a total. The ledger is
// locked, so what it finds stays true until the commit. Of what it refuses not even the category stays.
func (b *batch) slowPath(ctx context.Context, tx *sql.Tx) error {
	if err := b.findKnown(ctx, tx); err != nil {
		return err
	}
	if err := b.refuseTooMuch(ctx, tx); err != nil {
		return err
	}
	entries := pick(b.entries, b.open())
	if len(entries) == 0 {
		return sqlkit.ErrNothingChanged
	}
	names, keys := make([]string, len(entries)), make([]string, len(entries))
	for i, entry := range entries {
		names[i], keys[i] = string(entry.Category), entry.Category.Key()
	}
	if _, err := tx.ExecContext(ctx, createCategories, int64(b.in), names, keys); err != nil {
		return fmt.Errorf("create categories: %w", err)
	}
	stored, err := insertEntries(ctx, tx, b.in, entries)
	if err != nil {
		return err
	}
	if len(stored) != len(entries) {
		return fmt.Errorf("%d of %d new entries were stored", len(stored), len(entries))
	}
	b.accept(stored)
	return nil
}

// refuseTooMuch refuses, in their order, those of the open entries with which the total of all time would leave its range. No other
// total is larger, for each is of a part of the same prices.
func (b *batch) refuseTooMuch(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, totalsOfAllTime, int64(b.in))
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
	for _, place := range b.open() {
		price := b.entries[place].Price
		total, err := money.AddMinor(totals[price.Currency().Code()], price.Minor())
		if err != nil {
			b.results[place].Err = expense.TotalOverflow(opAddAll, err)
			continue
		}
		totals[price.Currency().Code()] = total
	}
	return nil
}

// findKnown gives the open entries whose key is stored their outcome: a duplicate, or a conflict.
func (b *batch) findKnown(ctx context.Context, on sqlkit.Querier) error {
	byKey := make(map[expense.Key]int)
	keys := make([]string, 0)
	for _, place := range b.open() {
		key := b.entries[place].Key
		byKey[key] = place
		keys = append(keys, string(key))
	}
	rows, err := on.QueryContext(ctx, findKeys, int64(b.in), keys)
	if err != nil {
		return fmt.Errorf("find known keys: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told the outcome by then
	for rows.Next() {
		var key expense.Key
		var fingerprint []byte
		e, err := b.store.ScanExpense(rows, &key, &fingerprint)
		if err != nil {
			return fmt.Errorf("read a known entry: %w", err)
		}
		place := byKey[key]
		if !bytes.Equal(fingerprint, b.entries[place].Fingerprint[:]) {
			b.results[place].Err = expense.KeyReused(opAddAll)
			continue
		}
		b.results[place].Receipt = expense.Receipt{Expense: e, Duplicate: true}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("find known keys: %w", err)
	}
	return nil
}
