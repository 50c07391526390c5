package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// Adds that share a transaction share its statements, too. SQLite writes the index of the texts down before each statement that may fail
// in its middle: with a statement for each expense, that was a quarter of an add.
var (
	insertExpenses = sqlkit.NewValues(dialect{}.Rebind, `
INSERT INTO expense_entry (ledger_id, spent_on, category_id, price, currency, note, idempotency_key, fingerprint, revision, deleted,
	created_at, payee, tags, added_by, paid_by)
VALUES `, columnsOfExpense, `
ON CONFLICT (ledger_id, idempotency_key) DO NOTHING
RETURNING ledger_id, idempotency_key, id`)

	// CROSS JOIN has each name looked up.
	namedCategories = sqlkit.NewValues(dialect{}.Rebind, `
WITH wanted (ledger_id, name_key) AS (VALUES `, columnsOfName, `)
SELECT c.ledger_id, c.name_key, c.id, c.name, c.colour, c.icon, c.archived
FROM wanted w CROSS JOIN category c
WHERE c.ledger_id = w.ledger_id AND c.name_key = w.name_key`)
)

const (
	columnsOfExpense = 15
	columnsOfName    = 2

	fingerprintOf = `SELECT fingerprint FROM expense_entry WHERE ledger_id = ?1 AND idempotency_key = ?2`
)

// addTogether takes the entries of one or several ledgers for good, and moves the totals once for all of them. If one entry fails, all of
// it does; but that a key has stored another expense is the outcome of its entry alone.
func (s *expenseStore) addTogether(ctx context.Context, tx *sql.Tx, parts ...groupcommit.Part) ([][]expense.AddResult, error) {
	b := &batch{
		store: s, tx: tx, parts: parts, results: make([][]expense.AddResult, len(parts)), moved: make([]sqlexpense.Moved, len(parts)),
		categories: make(map[nameIn]expense.Category),
	}
	for i, part := range parts {
		b.results[i] = make([]expense.AddResult, len(part.Entries))
		b.moved[i] = sqlexpense.Moved{In: part.In, By: make(expense.Tally)}
	}
	once, again := b.inTurns()
	for _, turn := range [][]place{once, again} {
		if len(turn) == 0 {
			continue
		}
		if err := b.add(ctx, turn); err != nil {
			return nil, err
		}
	}
	return b.results, s.Move(ctx, tx, b.moved...)
}

// addPart is addTogether for the entries of one ledger.
func (s *expenseStore) addPart(ctx context.Context, tx *sql.Tx, part groupcommit.Part) ([]expense.AddResult, error) {
	all, err := s.addTogether(ctx, tx, part)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// batch is adds under way.
type batch struct {
	store      *expenseStore
	tx         *sql.Tx
	parts      []groupcommit.Part
	results    [][]expense.AddResult
	moved      []sqlexpense.Moved
	categories map[nameIn]expense.Category // that are known already
}

// place is where an entry, and its result, stands, with the name of its category, which takes long to fold.
type place struct {
	part, entry int
	name        nameIn
}

type nameIn struct {
	in  ledger.ID
	key string
}

type keyIn struct {
	in  ledger.ID
	key idempotency.Key
}

// inTurns returns the places of all entries: first those of distinct keys, and then those that repeat a key, which by then is known.
func (b *batch) inTurns() (once, again []place) {
	if len(b.parts) == 1 && len(b.parts[0].Entries) == 1 {
		return []place{b.place(0, 0)}, nil
	}
	seen := make(map[keyIn]struct{})
	for i, part := range b.parts {
		for n, entry := range part.Entries {
			key := keyIn{part.In, entry.Key}
			if _, repeats := seen[key]; repeats {
				again = append(again, b.place(i, n))
				continue
			}
			seen[key] = struct{}{}
			once = append(once, b.place(i, n))
		}
	}
	return once, again
}

func (b *batch) entry(p place) *expense.Entry { return &b.parts[p.part].Entries[p.entry] }

func (b *batch) keyOf(p place) keyIn { return keyIn{b.parts[p.part].In, b.entry(p).Key} }

func (b *batch) place(part, entry int) place {
	of := b.parts[part]
	return place{part, entry, nameIn{of.In, of.Entries[entry].Category.Key()}}
}

// add stores the entries of a turn and counts them, or finds out what their keys have stored.
func (b *batch) add(ctx context.Context, turn []place) error {
	turn, err := b.categorise(ctx, turn)
	if err != nil {
		return err
	}
	stored, err := b.insert(ctx, turn)
	if err != nil {
		return err
	}
	for _, p := range turn {
		id, isNew := stored[b.keyOf(p)]
		if !isNew {
			err = b.duplicate(ctx, p)
		} else {
			err = b.count(p, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// categorise sees to it that the categories of a turn are known. It creates one only for a key that has stored nothing; an entry of
// another gets its outcome, and is left out of what is returned.
func (b *batch) categorise(ctx context.Context, turn []place) ([]place, error) {
	if err := b.findCategories(ctx, turn); err != nil {
		return nil, err
	}
	left := turn[:0]
	for _, p := range turn {
		if b.categories[p.name].ID == 0 {
			repeats, err := b.createCategory(ctx, p)
			if err != nil {
				return nil, err
			}
			if repeats {
				continue
			}
		}
		left = append(left, p)
	}
	return left, nil
}

// createCategory creates the category of an entry, unless the entry repeats a key that has stored an expense: then that is its outcome.
func (b *batch) createCategory(ctx context.Context, p place) (repeats bool, err error) {
	entry := b.entry(p)
	_, repeats, err = b.store.Stored(ctx, b.tx, p.name.in, entry.Key)
	switch {
	case err != nil:
		return false, err
	case repeats:
		return true, b.duplicate(ctx, p)
	}
	b.categories[p.name], err = b.store.NewCategory(ctx, b.tx, p.name.in, entry.Category)
	return false, err
}

// findCategories looks the categories of a turn up.
func (b *batch) findCategories(ctx context.Context, turn []place) (err error) {
	if len(turn) == 1 {
		name := turn[0].name
		b.categories[name], err = b.store.FindCategory(ctx, b.tx, name.in, b.entry(turn[0]).Category)
		return err
	}
	var wanted []any
	for _, p := range turn {
		if _, asked := b.categories[p.name]; !asked {
			b.categories[p.name] = expense.Category{} // asked for
			wanted = append(wanted, p.name.in, p.name.key)
		}
	}
	_, err = sqlkit.CollectEach(ctx, b.tx, func(from sqlkit.Scanner) (name nameIn, err error) {
		var row sqlexpense.CategoryRow
		err = from.Scan(append([]any{&name.in, &name.key}, row.Columns()...)...)
		b.categories[name] = row.Category()
		return name, err
	}, namedCategories, wanted)
	if err != nil {
		return fmt.Errorf("find categories: %w", err)
	}
	return nil
}

// insert stores those of a turn whose key is new, and returns their IDs.
func (b *batch) insert(ctx context.Context, turn []place) (map[keyIn]expense.ID, error) {
	rows := make([]any, 0, columnsOfExpense*len(turn))
	for _, p := range turn {
		e := b.entry(p)
		rows = append(rows,
			b.parts[p.part].In, e.Date.String(), b.categories[p.name].ID, e.Spent().Minor(), e.Price.Currency().Code(), e.Note,
			string(e.Key), e.Fingerprint[:], 1, false, e.CreatedAt.UTC().Format(time.RFC3339Nano),
			e.Payee, sqlexpense.StoreTags(e.Tags), orNull(e.AddedBy), orNull(e.PaidBy))
	}
	stored := make(map[keyIn]expense.ID, len(turn))
	_, err := sqlkit.CollectEach(ctx, b.tx, func(from sqlkit.Scanner) (id expense.ID, err error) {
		var key keyIn
		err = from.Scan(&key.in, &key.key, &id)
		stored[key] = id
		return id, err
	}, insertExpenses, rows)
	if err != nil {
		return nil, fmt.Errorf("insert: %w", err)
	}
	return stored, nil
}

// orNull is nobody where no user is named.
func orNull(user ledger.UserID) any {
	if user == 0 {
		return nil
	}
	return user
}

// count notes that an entry was stored.
func (b *batch) count(p place, id expense.ID) error {
	e, by := b.entry(p), b.moved[p.part].By
	category := b.categories[p.name]
	b.results[p.part][p.entry].Receipt.Expense = expense.Expense{
		ID: id, Date: e.Date, Category: category, Price: e.Price, Note: e.Note, Revision: 1,
		Payee: e.Payee, Tags: e.Tags, Refund: e.Refund, AddedBy: e.AddedBy, PaidBy: e.PaidBy,
	}
	return errors.Join(by.AddPaid(e.PaidBy, e.Date, e.Spent()), by.Add(category.ID, e.Date, e.Spent()))
}

// duplicate gives an entry whose key has stored an expense already its outcome.
func (b *batch) duplicate(ctx context.Context, p place) error {
	key := b.keyOf(p)
	var fingerprint []byte
	if err := b.tx.QueryRowContext(ctx, fingerprintOf, key.in, string(key.key)).Scan(&fingerprint); err != nil {
		return fmt.Errorf("fingerprint: %w", err)
	}
	result := &b.results[p.part][p.entry]
	if string(fingerprint) != string(b.entry(p).Fingerprint[:]) {
		result.Err = expense.KeyReused(opAddAll)
		return nil
	}
	stored, _, err := b.store.Stored(ctx, b.tx, key.in, key.key)
	result.Receipt = expense.Receipt{Expense: stored, Duplicate: true}
	return err
}
