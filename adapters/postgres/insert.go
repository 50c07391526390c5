package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// storedUnderKey looks a key of the input up by the index. A planner could turn a plain EXISTS into a scan of the whole table.
const storedUnderKey = `SELECT e.id FROM expense_entry e WHERE e.ledger_id = $1 AND e.idempotency_key = i.idempotency_key`

// daysToo leaves the totals of days to the table's trigger in a session that does not say that its statements count them.
const daysToo = `
		WHERE t.month <= 999999 OR current_setting('` + paramDays + `', true) = 'on'`

// statements are two texts of one effect: the second stores payers, too, and moves what they have paid. An add that names no payer does
// without all of that.
type statements struct{ plain, paid string }

func bothOf(text func(payers) string) statements {
	return statements{text(payers{}), text(payers{
		input: ", $14::bigint[]", inputName: ", paid_by", column: ", paid_by", value: ", NULLIF(i.paid_by, 0)", oneValue: ", $17::bigint",
		moved: `
), paid AS (
	INSERT INTO expense_paid (ledger_id, month, user_id, currency, entries, minor)
	SELECT $1, p.month, p.paid_by, p.currency, count(*), replace(sum(p.price)::text, '.', '')::bigint
	FROM (
		SELECT to_char(i.spent_on, 'YYYYMM')::integer AS month, i.paid_by, i.currency, i.price FROM inserted i WHERE i.paid_by IS NOT NULL
	) p
	GROUP BY p.month, p.paid_by, p.currency
	ORDER BY p.month, p.paid_by, p.currency` + sqlexpense.AddToPaid,
		oneMoved: `
), paid AS (
	INSERT INTO expense_paid (ledger_id, month, user_id, currency, entries, minor)
	SELECT $1, $10::integer / 100, $17::bigint, $7::text, 1, $11::bigint FROM inserted` + sqlexpense.AddToPaid,
	})}
}

// payers are the parts of a statement that are about payers.
type payers struct{ input, inputName, column, value, oneValue, moved, oneMoved string }

// manyStatement stores entries and moves the totals in one statement: one round trip, one transaction. It locks the ledger's row
// before all else, so that writers of a ledger queue there. It skips entries whose key is known, and does nothing at all
// while a category is missing or if all keys are known. A total is summed from prices, which have all decimals of their currency,
// so without the point it is in minor units; beyond 64 bits the statement fails as a whole (22003). OFFSET 0 has each category looked up by
// its key: a planner may else read all of a ledger's.
func manyStatement(of payers) string {
	return `
WITH input AS MATERIALIZED (
	SELECT i.*, c.id AS category_id
	FROM unnest($2::text[], $3::bytea[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
		$11::text[], $12::text[], $13::bigint[]` + of.input + `)
		WITH ORDINALITY AS i (idempotency_key, fingerprint, spent_on, name_key, price, currency, note, created_at, payee, tags,
			added_by` + of.inputName + `, place)
	LEFT JOIN LATERAL (SELECT k.id FROM category k WHERE k.ledger_id = $1 AND k.name_key = i.name_key OFFSET 0) c ON true
), locked AS (
	INSERT INTO ledger (id, version, mark)
	SELECT $1, 1, $10::bigint WHERE NOT EXISTS (SELECT FROM input WHERE category_id IS NULL)
		AND EXISTS (SELECT FROM input i WHERE (` + storedUnderKey + `) IS NULL)
	ON CONFLICT (id) DO UPDATE SET version = ledger.version + 1, mark = excluded.mark
	RETURNING id
), inserted AS (
	INSERT INTO expense_entry (ledger_id, spent_on, category_id, price, currency, note, idempotency_key, fingerprint, created_at,
		payee, tags, added_by` + of.column + `)
	SELECT l.id, i.spent_on, i.category_id, i.price::numeric, i.currency, i.note, i.idempotency_key, i.fingerprint, i.created_at,
		i.payee, i.tags, NULLIF(i.added_by, 0)` + of.value + `
	FROM locked l CROSS JOIN input i
	ORDER BY i.place
	ON CONFLICT (ledger_id, idempotency_key) DO NOTHING
	RETURNING id, spent_on, category_id, price, currency, idempotency_key` + of.column + `
), totals AS (
	INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor, size)
	SELECT $1, s.month, s.category_id, s.currency, s.entries, s.minor,
		CASE WHEN s.minor > 0 THEN floor(ln(s.minor::double precision))::integer ELSE 0 END
	FROM (
		SELECT t.month, t.category_id, i.currency, count(*) AS entries, replace(sum(i.price)::text, '.', '')::bigint AS minor
		FROM inserted i
		CROSS JOIN LATERAL (SELECT to_char(i.spent_on, 'YYYYMMDD')::integer) AS d (day)
		CROSS JOIN LATERAL (VALUES (0, 0), (0, i.category_id), (d.day / 100, 0), (d.day / 100, i.category_id), (d.day, 0))
			AS t (month, category_id)` +
		daysToo + `
		GROUP BY t.month, t.category_id, i.currency
		ORDER BY t.month, t.category_id, i.currency
	) s` + sqlexpense.AddToTotal + of.moved + `
)
SELECT i.idempotency_key, i.id, c.id, c.name, c.colour, c.icon, c.archived
FROM inserted i
CROSS JOIN LATERAL (SELECT * FROM category k WHERE k.ledger_id = $1 AND k.id = i.category_id OFFSET 0) c`
}

// oneStatement is manyStatement for one entry, of the same effect. An add that comes alone is not to wait for a statement made for many:
// this one takes a quarter less time.
func oneStatement(of payers) string {
	return `
WITH locked AS (
	UPDATE ledger SET version = ledger.version + 1, mark = $12::bigint
	FROM category c
	WHERE ledger.id = $1 AND c.ledger_id = $1 AND c.name_key = $5::text
		AND NOT EXISTS (SELECT FROM expense_entry e WHERE e.ledger_id = $1 AND e.idempotency_key = $2::text)
	RETURNING ledger.id, c.id AS category_id, c.name, c.colour, c.icon, c.archived
), inserted AS (
	INSERT INTO expense_entry (ledger_id, spent_on, category_id, price, currency, note, idempotency_key, fingerprint, created_at,
		payee, tags, added_by` + of.column + `)
	SELECT l.id, $4::date, l.category_id, $6::text::numeric, $7::text, $8::text, $2::text, $3::bytea, $9::timestamptz,
		$14::text, $15::text, NULLIF($16::bigint, 0)` + of.oneValue + `
	FROM locked l
	ON CONFLICT (ledger_id, idempotency_key) DO NOTHING
	RETURNING id, category_id
), totals AS (
	INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor, size)
	SELECT $1, t.month, t.category_id, $7::text, 1, $11::bigint, $13::integer
	FROM inserted i
	CROSS JOIN LATERAL (VALUES (0, 0), (0, i.category_id), ($10::integer / 100, 0), ($10::integer / 100, i.category_id), ($10::integer, 0))
		AS t (month, category_id)` +
		daysToo + sqlexpense.AddToTotal + of.oneMoved + `
)
SELECT $2::text, i.id, l.category_id, l.name, l.colour, l.icon, l.archived
FROM inserted i CROSS JOIN locked l`
}

// storeMany and storeOne are the statements of insertEntries.
var storeMany, storeOne = bothOf(manyStatement), bothOf(oneStatement)

// insertEntries stores those of the entries whose key is new, if all of their categories exist, and returns them by key. No two entries
// have one key.
func insertEntries(
	ctx context.Context, on sqlkit.Querier, in ledger.ID, entries []expense.Entry,
) (map[idempotency.Key]expense.Expense, error) {
	statement, args := storeMany, columnsOf
	if len(entries) == 1 {
		statement, args = storeOne, valuesOf
	}
	text, values := statement.plain, args(in, entries)
	if isPaid := func(e expense.Entry) bool { return e.PaidBy != 0 }; slices.ContainsFunc(entries, isPaid) {
		text, values = statement.paid, append(values, payersOf(entries))
	}
	rows, err := on.QueryContext(ctx, text, values...)
	if err != nil {
		return nil, fmt.Errorf("insert %d entries: %w", len(entries), err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told the outcome by then
	stored := make(map[idempotency.Key]expense.Expense, len(entries))
	for rows.Next() {
		var key idempotency.Key
		var e expense.Expense
		var category sqlexpense.CategoryRow
		if err := rows.Scan(append([]any{&key, &e.ID}, category.Columns()...)...); err != nil {
			return nil, fmt.Errorf("read an inserted entry: %w", err)
		}
		e.Category = category.Category()
		stored[key] = e
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("insert %d entries: %w", len(entries), err)
	}
	for _, entry := range entries {
		if e, found := stored[entry.Key]; found {
			stored[entry.Key] = asStored(e, entry)
		}
	}
	return stored, nil
}

// asStored returns what an entry is stored as: what the storage has told, and what was handed in.
func asStored(told expense.Expense, entry expense.Entry) expense.Expense {
	told.Date, told.Price, told.Note, told.Revision = entry.Date, entry.Price, entry.Note, 1
	told.Payee, told.Tags, told.Refund, told.AddedBy = entry.Payee, entry.Tags, entry.Refund, entry.AddedBy
	told.PaidBy = entry.PaidBy
	return told
}

// payersOf is the last of a statement's arguments: the payer of one entry, or an array.
func payersOf(entries []expense.Entry) any {
	if len(entries) == 1 {
		return int64(entries[0].PaidBy)
	}
	all := make([]int64, len(entries))
	for i, e := range entries {
		all[i] = int64(e.PaidBy)
	}
	return all
}

// columnsOf turns entries into the statement's arguments: the ledger, and an array for each column.
func columnsOf(in ledger.ID, entries []expense.Entry) []any {
	n := len(entries)
	keys, fingerprints := make([]string, n), make([][]byte, n)
	dates, created := make([]time.Time, n), make([]time.Time, n)
	names, prices, currencies, notes := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	payees, tags, by := make([]string, n), make([]string, n), make([]int64, n)
	for i := range entries {
		e := &entries[i]
		keys[i], fingerprints[i] = string(e.Key), e.Fingerprint[:]
		dates[i], created[i] = e.Date.UTC(), e.CreatedAt
		names[i], prices[i], currencies[i], notes[i] = e.Category.Key(), e.Spent().Decimal(), e.Price.Currency().Code(), e.Note
		payees[i], tags[i], by[i] = e.Payee, sqlexpense.StoreTags(e.Tags), int64(e.AddedBy)
	}
	return []any{int64(in), keys, fingerprints, dates, names, prices, currencies, notes, created, sqlkit.NewMark(), payees, tags, by}
}

// valuesOf turns a single entry into its statement's arguments.
func valuesOf(in ledger.ID, entries []expense.Entry) []any {
	e := &entries[0]
	_, day := numbersOf(e)
	return []any{
		int64(in), string(e.Key), e.Fingerprint[:], e.Date.UTC(), e.Category.Key(),
		e.Spent().Decimal(), e.Price.Currency().Code(), e.Note, e.CreatedAt,
		int32(day), e.Spent().Minor(), sqlkit.NewMark(), //nolint:gosec // YYYYMMDD
		sqlexpense.SizeOf(e.Spent().Minor()), e.Payee, sqlexpense.StoreTags(e.Tags), int64(e.AddedBy),
	}
}
