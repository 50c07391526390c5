package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

const createCategories = `
INSERT INTO category (ledger_id, name, name_key)
SELECT $1, c.name, c.name_key
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS c (name, name_key, place)
ORDER BY c.place
ON CONFLICT (ledger_id, name_key) DO NOTHING`

const findKeys = `
SELECT e.idempotency_key, e.fingerprint, e.id, e.spent_on, c.id, c.name, e.price::text, e.currency, e.note, e.revision, e.deleted
FROM expense_entry e
JOIN category stored ON stored.ledger_id = e.ledger_id AND stored.id = e.category_id
JOIN category c ON c.ledger_id = e.ledger_id AND c.id = COALESCE(stored.merged_into, stored.id)
WHERE e.ledger_id = $1 AND e.idempotency_key = ANY ($2::text[])`

// addSlowly adds the open entries in steps: what is needed when one has a new category, or is too much for a total. The ledger is
// locked, so what it finds stays true until the commit.
func (a *addition) addSlowly(ctx context.Context, tx *sql.Tx) error {
	if err := a.findKnown(ctx, tx); err != nil {
		return err
	}
	return a.addSplitting(ctx, tx, a.open())
}

// addSplitting adds the entries at the given places. If together they are too much for a total, it adds each half, so that
// in the end only those fail that are too much alone; of these not even the category stays.
func (a *addition) addSplitting(ctx context.Context, tx *sql.Tx, places []int) error {
	if len(places) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "SAVEPOINT part"); err != nil {
		return fmt.Errorf("set a savepoint: %w", err)
	}
	overflow := a.addPart(ctx, tx, pick(a.entries, places))
	if !hasState(overflow, stateNumericOutOfRange) {
		return overflow
	}
	if _, err := tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT part"); err != nil {
		return fmt.Errorf("roll back to a savepoint: %w", err)
	}
	if len(places) == 1 {
		a.results[places[0]].Err = expense.TotalOverflow("postgres.AddAll", overflow)
		return nil
	}
	half := len(places) / 2
	if err := a.addSplitting(ctx, tx, places[:half]); err != nil {
		return err
	}
	return a.addSplitting(ctx, tx, places[half:])
}

func (a *addition) addPart(ctx context.Context, tx *sql.Tx, entries []expense.Entry) error {
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
	defer rows.Close()
	for rows.Next() {
		key, fingerprint, e, err := scanKnown(rows)
		if err != nil {
			return err
		}
		place := byKey[key]
		if fingerprint != a.entries[place].Fingerprint {
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

func scanKnown(rows *sql.Rows) (expense.Key, expense.Fingerprint, expense.Expense, error) {
	var key expense.Key
	var e expense.Expense
	var digest []byte
	var date time.Time
	var price, code string
	err := rows.Scan(&key, &digest, &e.ID, &date, &e.Category.ID, &e.Category.Name, &price, &code, &e.Note, &e.Revision, &e.Deleted)
	if err != nil {
		return "", expense.Fingerprint{}, expense.Expense{}, fmt.Errorf("read a known entry: %w", err)
	}
	e.Date = civil.DateOf(date)
	if e.Price, err = readPrice(price, code); err != nil {
		return "", expense.Fingerprint{}, expense.Expense{}, err
	}
	var fingerprint expense.Fingerprint
	copy(fingerprint[:], digest)
	return key, fingerprint, e, nil
}

// readPrice reads a price as the database writes it.
func readPrice(decimal, code string) (money.Amount, error) {
	currency, err := money.ParseCurrency(code)
	if err != nil {
		return money.Amount{}, fmt.Errorf("currency of a stored expense: %w", err)
	}
	amount, err := money.FromDecimal(decimal, currency)
	if err != nil {
		return money.Amount{}, fmt.Errorf("price of a stored expense: %w", err)
	}
	return amount, nil
}
