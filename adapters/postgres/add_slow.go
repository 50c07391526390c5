package postgres

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"

	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

const createCategories = `
INSERT INTO category (ledger_id, name, name_key)
SELECT $1, c.name, c.name_key
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS c (name, name_key, place)
ORDER BY c.place
ON CONFLICT (ledger_id, name_key) DO NOTHING`

// totalsMoved are those of the totals that entries move: of all time, of their months and days. The category is its key, or empty for all.
// OFFSET 0 has each looked up by its whole key: a planner without statistics would compare all with all.
const totalsMoved = `
SELECT k.month, COALESCE(k.name_key, ''), k.currency, t.minor
FROM (
	SELECT DISTINCT t.month, t.category_id, t.name_key, i.currency
	FROM unnest($2::integer[], $3::integer[], $4::text[], $5::text[]) AS i (month, day, name_key, currency)
	LEFT JOIN LATERAL (SELECT id FROM category WHERE ledger_id = $1 AND name_key = i.name_key OFFSET 0) c ON true
	CROSS JOIN LATERAL (VALUES (0, 0, NULL), (i.month, 0, NULL), (i.day, 0, NULL), (0, c.id, i.name_key), (i.month, c.id, i.name_key))
		AS t (month, category_id, name_key)
) k
CROSS JOIN LATERAL (
	SELECT minor FROM expense_total
	WHERE ledger_id = $1 AND month = k.month AND category_id = k.category_id AND currency = k.currency OFFSET 0
) t`

const findKeys = sqlexpense.SelectColumns + `, e.idempotency_key, e.fingerprint
FROM unnest($2::text[]) AS k (key)
CROSS JOIN LATERAL (SELECT * FROM expense_entry WHERE ledger_id = $1 AND idempotency_key = k.key OFFSET 0) e` + sqlexpense.JoinCategories

// paidMoved are what the payers of entries have paid in their months.
const paidMoved = `
SELECT k.month, k.user_id, k.currency, p.minor
FROM (SELECT DISTINCT * FROM unnest($2::integer[], $3::bigint[], $4::text[]) AS i (month, user_id, currency)) k
CROSS JOIN LATERAL (
	SELECT minor FROM expense_paid WHERE ledger_id = $1 AND month = k.month AND user_id = k.user_id AND currency = k.currency OFFSET 0
) p`

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

// movedTotal names a total that an entry moves: its month as the table has it, and the category's key, which a category has before it has
// an ID.
type movedTotal struct {
	month              int
	category, currency string
	payer              ledger.UserID // of what one has paid; 0 for anybody
}

// refuseTooMuch refuses, in their order, those of the open entries with which a total would leave its range.
func (b *batch) refuseTooMuch(ctx context.Context, tx *sql.Tx) error {
	totals, err := b.totalsMoved(ctx, tx)
	if err != nil {
		return err
	}
	for _, place := range b.open() {
		entry := &b.entries[place]
		spent, code, category := entry.Spent().Minor(), entry.Price.Currency().Code(), entry.Category.Key()
		month, day := numbersOf(entry)
		moved, all := make(map[movedTotal]int64, 6), []movedTotal{
			{0, "", code, 0}, {month, "", code, 0}, {day, "", code, 0}, {0, category, code, 0}, {month, category, code, 0},
		}
		if entry.PaidBy != 0 {
			all = append(all, movedTotal{month, "", code, entry.PaidBy})
		}
		for _, of := range all {
			if moved[of], err = money.AddMinor(totals[of], spent); err != nil {
				b.results[place].Err = expense.TotalOverflow(opAddAll, err)
				break
			}
		}
		if b.results[place].Err == nil {
			maps.Copy(totals, moved)
		}
	}
	return nil
}

// numbersOf returns the months that totals of an entry's month and day have.
func numbersOf(entry *expense.Entry) (month, day int) {
	month = entry.Date.MonthOf().Number()
	return month, month*100 + entry.Date.Day
}

// totalsMoved returns the totals that the open entries move, in minor units. What has none is not there.
func (b *batch) totalsMoved(ctx context.Context, tx *sql.Tx) (map[movedTotal]int64, error) {
	places := b.open()
	months, days := make([]int32, len(places)), make([]int32, len(places))
	keys, codes := make([]string, len(places)), make([]string, len(places))
	for i, place := range places {
		entry := &b.entries[place]
		month, day := numbersOf(entry)
		months[i], days[i] = int32(month), int32(day) //nolint:gosec // YYYYMM and YYYYMMDD
		keys[i], codes[i] = entry.Category.Key(), entry.Price.Currency().Code()
	}
	rows, err := tx.QueryContext(ctx, totalsMoved, int64(b.in), months, days, keys, codes)
	if err != nil {
		return nil, fmt.Errorf("totals that are moved: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told the outcome by then
	totals := make(map[movedTotal]int64)
	for rows.Next() {
		var of movedTotal
		var minor int64
		if err := rows.Scan(&of.month, &of.category, &of.currency, &minor); err != nil {
			return nil, fmt.Errorf("read a total: %w", err)
		}
		totals[of] = minor
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("totals that are moved: %w", err)
	}
	return totals, b.addPaidMoved(ctx, tx, totals)
}

// addPaidMoved adds what the open entries' payers have paid by now.
func (b *batch) addPaidMoved(ctx context.Context, tx *sql.Tx, to map[movedTotal]int64) error {
	var months []int32
	var payers []int64
	var codes []string
	for _, place := range b.open() {
		if entry := &b.entries[place]; entry.PaidBy != 0 {
			month, _ := numbersOf(entry)
			months, payers = append(months, int32(month)), append(payers, int64(entry.PaidBy)) //nolint:gosec // YYYYMM
			codes = append(codes, entry.Price.Currency().Code())
		}
	}
	if payers == nil {
		return nil
	}
	found, err := sqlkit.Collect(ctx, tx, func(from sqlkit.Scanner) (t totalMoved, err error) {
		err = from.Scan(&t.of.month, &t.of.payer, &t.of.currency, &t.minor)
		return t, err
	}, paidMoved, int64(b.in), months, payers, codes)
	if err != nil {
		return fmt.Errorf("what payers have paid: %w", err)
	}
	for _, t := range found {
		to[t.of] = t.minor
	}
	return nil
}

// totalMoved is a total that an entry moves, with what it is before.
type totalMoved struct {
	of    movedTotal
	minor int64
}

// findKnown gives the open entries whose key is stored their outcome: a duplicate, or a conflict.
func (b *batch) findKnown(ctx context.Context, on sqlkit.Querier) error {
	byKey := make(map[idempotency.Key]int)
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
		var key idempotency.Key
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
