package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

const (
	insertExpense = `
INSERT INTO expense_entry (ledger_id, spent_on, category_id, price, currency, note, idempotency_key,
	fingerprint, revision, deleted, created_at, payee, tags, added_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, 0, ?9, ?10, ?11, NULLIF(?12, 0))
ON CONFLICT (ledger_id, idempotency_key) DO NOTHING`

	insertPaidExpense = `
INSERT INTO expense_entry (ledger_id, spent_on, category_id, price, currency, note, idempotency_key,
	fingerprint, revision, deleted, created_at, payee, tags, added_by, paid_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, 0, ?9, ?10, ?11, NULLIF(?12, 0), ?13)
ON CONFLICT (ledger_id, idempotency_key) DO NOTHING`

	fingerprintOf = `SELECT fingerprint FROM expense_entry WHERE ledger_id = ?1 AND idempotency_key = ?2`
)

// AddAll implements expense.SpendingStore. It first takes the entries for good and moves the totals once for all of them; only if
// that fails does it start over with a savepoint for each.
func (s *expenseStore) AddAll(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	ctx, cancel := s.runner.Bounded(ctx)
	defer cancel()
	return s.AddCounted(ctx, "sqlite.AddAll", entries, func(ctx context.Context, entries []expense.Entry) ([]expense.AddResult, error) {
		results, err := s.addBatch(ctx, in, entries, (*batch).fastPath)
		if err != nil && fault.KindOf(err) != fault.Unavailable {
			results, err = s.addBatch(ctx, in, entries, (*batch).slowPath)
		}
		return results, err
	})
}

// addBatch gives the entries their outcomes in one transaction. What add does to a batch decides what happens when one of them fails.
func (s *expenseStore) addBatch(
	ctx context.Context, in ledger.ID, entries []expense.Entry, add func(*batch, context.Context, []expense.Entry) error,
) ([]expense.AddResult, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	var results []expense.AddResult
	err := s.runner.Write(ctx, "sqlite.AddAll", in, func(ctx context.Context, tx *sql.Tx) error {
		b := &batch{store: s, tx: tx, in: in, categories: make(map[expense.CategoryName]expense.Category)}
		// The transaction as a whole obeys the context; to watch it in each statement takes longer than the statement.
		err := add(b, context.WithoutCancel(ctx), entries)
		results = b.results
		if err == nil && b.added == 0 {
			return sqlkit.ErrNothingChanged
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// batch is an AddAll under way.
type batch struct {
	store      *expenseStore
	tx         *sql.Tx
	in         ledger.ID
	categories map[expense.CategoryName]expense.Category // that were looked up already, by the name as it was typed
	results    []expense.AddResult
	added      int
}

// fastPath takes the entries for good, and moves the totals once for all of them.
func (b *batch) fastPath(ctx context.Context, entries []expense.Entry) error {
	changes := make(expense.Tally)
	for _, entry := range entries {
		receipt, err := b.insert(ctx, entry, changes)
		if err != nil && fault.KindOf(err) != fault.Conflict {
			return err
		}
		b.note(receipt, err)
	}
	return b.store.Move(ctx, b.tx, b.in, changes)
}

// slowPath adds each entry by itself, and rolls back to before an entry that fails. What fails the transaction itself, such as a full
// disk, fails the batch.
func (b *batch) slowPath(ctx context.Context, entries []expense.Entry) error {
	const op = "sqlite.AddAll"
	for _, entry := range entries {
		if _, err := b.tx.ExecContext(ctx, `SAVEPOINT one`); err != nil {
			return fmt.Errorf("savepoint: %w", err)
		}
		changes := make(expense.Tally)
		receipt, err := b.insert(ctx, entry, changes)
		if err == nil {
			err = b.store.Move(ctx, b.tx, b.in, changes)
		}
		if err != nil {
			err = dialect{}.Fault(op, err)
			if fault.KindOf(err) == fault.Unavailable {
				return err
			}
			clear(b.categories) // one of them may be undone
			if _, undoErr := b.tx.ExecContext(ctx, `ROLLBACK TO one`); undoErr != nil {
				return fmt.Errorf("roll back one: %w", errors.Join(undoErr, err))
			}
		}
		if _, err := b.tx.ExecContext(ctx, `RELEASE one`); err != nil {
			return fmt.Errorf("release: %w", err)
		}
		b.note(receipt, err)
	}
	return nil
}

func (b *batch) note(receipt expense.Receipt, err error) {
	if err != nil {
		receipt = expense.Receipt{}
	}
	b.results = append(b.results, expense.AddResult{Receipt: receipt, Err: err})
	if err == nil && !receipt.Duplicate {
		b.added++
	}
}

// insert stores one entry and counts it in changes, or finds out what its key has stored.
func (b *batch) insert(ctx context.Context, entry expense.Entry, changes expense.Tally) (expense.Receipt, error) {
	category, err := b.category(ctx, entry)
	if err != nil {
		return expense.Receipt{}, err
	}
	if category.ID == 0 {
		return b.duplicate(ctx, entry)
	}
	args := []any{
		b.in, entry.Date.String(), category.ID,
		entry.Spent().Minor(), entry.Price.Currency().Code(),
		entry.Note, string(entry.Key), entry.Fingerprint[:], entry.CreatedAt.UTC().Format(time.RFC3339Nano),
		entry.Payee, sqlexpense.StoreTags(entry.Tags), entry.AddedBy,
	}
	statement := insertExpense
	if entry.PaidBy != 0 {
		statement, args = insertPaidExpense, append(args, entry.PaidBy)
	}
	result, err := b.tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return expense.Receipt{}, fmt.Errorf("insert: %w", err)
	}
	inserted, err := result.RowsAffected()
	if err != nil {
		return expense.Receipt{}, fmt.Errorf("insert: %w", err)
	}
	if inserted == 0 {
		return b.duplicate(ctx, entry)
	}
	id, err := result.LastInsertId()
	if err != nil {
		return expense.Receipt{}, fmt.Errorf("insert: %w", err)
	}
	if err := changes.AddPaid(entry.PaidBy, entry.Date, entry.Spent()); err != nil {
		return expense.Receipt{}, err
	}
	return expense.Receipt{Expense: expense.Expense{
		ID: expense.ID(id), Date: entry.Date, Category: category, Price: entry.Price, Note: entry.Note, Revision: 1,
		Payee: entry.Payee, Tags: entry.Tags, Refund: entry.Refund, AddedBy: entry.AddedBy, PaidBy: entry.PaidBy,
	}}, changes.Add(category.ID, entry.Date, entry.Spent())
}

// category returns the category that an entry goes to. It creates one only for a key that has stored nothing; for another it
// returns none.
func (b *batch) category(ctx context.Context, entry expense.Entry) (expense.Category, error) {
	if known, ok := b.categories[entry.Category]; ok {
		return known, nil
	}
	category, err := b.store.FindCategory(ctx, b.tx, b.in, entry.Category)
	if err != nil {
		return expense.Category{}, err
	}
	if category.ID == 0 {
		if _, isKnown, err := b.store.Stored(ctx, b.tx, b.in, entry.Key); err != nil || isKnown {
			return expense.Category{}, err
		}
		if category, err = b.store.NewCategory(ctx, b.tx, b.in, entry.Category); err != nil {
			return expense.Category{}, err
		}
	}
	b.categories[entry.Category] = category
	return category, nil
}

// duplicate answers an entry whose key has stored an expense already.
func (b *batch) duplicate(ctx context.Context, entry expense.Entry) (expense.Receipt, error) {
	var fingerprint []byte
	if err := b.tx.QueryRowContext(ctx, fingerprintOf, b.in, string(entry.Key)).Scan(&fingerprint); err != nil {
		return expense.Receipt{}, fmt.Errorf("fingerprint: %w", err)
	}
	if string(fingerprint) != string(entry.Fingerprint[:]) {
		return expense.Receipt{}, expense.KeyReused("sqlite.AddAll")
	}
	stored, _, err := b.store.Stored(ctx, b.tx, b.in, entry.Key)
	return expense.Receipt{Expense: stored, Duplicate: true}, err
}
