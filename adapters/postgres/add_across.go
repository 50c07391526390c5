package postgres

import (
	"context"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// storeAcross is storeMany for several ledgers. It leaves a ledger alone that somebody holds, and is a function of the database, which
// may see more than one ledger.
const storeAcross = `SELECT * FROM expense_add_across($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

// keyIn is a key of a ledger.
type keyIn struct {
	in  ledger.ID
	key idempotency.Key
}

// addAcross stores parts of several ledgers by one statement, so that they share a commit. What it cannot store at once is left to be
// stored by itself. It is a groupcommit.AddAcross.
func (s *expenseStore) addAcross(ctx context.Context, parts []groupcommit.Part) ([][]expense.AddResult, error) {
	const op = "postgres.AddAcross"
	ctx, cancel := s.runner.Bounded(ctx)
	defer cancel()
	var stored map[keyIn]expense.Expense
	err := s.runner.Call(sqlkit.OfWhateverLedger(ctx), op, func(ctx context.Context) error {
		return sqlkit.Unwatched(ctx, s.adds, func(ctx context.Context, on sqlkit.Querier) (err error) {
			stored, err = insertAcross(ctx, on, s.fitting(op, parts))
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	results := make([][]expense.AddResult, len(parts))
	for i, part := range parts {
		b := &batch{store: s.Store, in: part.In, entries: part.Entries, results: make([]expense.AddResult, len(part.Entries))}
		for n, entry := range part.Entries {
			if e, found := stored[keyIn{part.In, entry.Key}]; found {
				b.results[n].Receipt.Expense = e
			}
		}
		if len(b.open()) == len(part.Entries) {
			continue // as if nothing had been tried
		}
		if err := s.writeOpen(ctx, b); err != nil {
			b.fail(err)
		}
		results[i] = b.results
	}
	return results, nil
}

// fitting returns the parts that one statement can store: those with a price that does not fit, or a key twice, take longer.
func (s *expenseStore) fitting(op string, parts []groupcommit.Part) []groupcommit.Part {
	fitting := make([]groupcommit.Part, 0, len(parts))
	for _, part := range parts {
		if s.Fit(op, part.Entries) && repeatedKeys(part.Entries) == nil {
			fitting = append(fitting, part)
		}
	}
	return fitting
}

// fail gives the entries without outcome an error.
func (b *batch) fail(err error) {
	for _, place := range b.open() {
		b.results[place].Err = err
	}
}

func insertAcross(ctx context.Context, on sqlkit.Querier, parts []groupcommit.Part) (map[keyIn]expense.Expense, error) {
	if len(parts) == 0 {
		return nil, nil //nolint:nilnil // nothing is stored
	}
	given := make(map[keyIn]expense.Entry)
	for _, part := range parts {
		for _, entry := range part.Entries {
			given[keyIn{part.In, entry.Key}] = entry
		}
	}
	rows, err := on.QueryContext(ctx, storeAcross, columnsAcross(parts, len(given))...)
	if err != nil {
		return nil, fmt.Errorf("insert %d entries of %d ledgers: %w", len(given), len(parts), err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told the outcome by then
	stored := make(map[keyIn]expense.Expense, len(given))
	for rows.Next() {
		var of keyIn
		var e expense.Expense
		var category sqlexpense.CategoryRow
		if err := rows.Scan(append([]any{&of.in, &of.key, &e.ID}, category.Columns()...)...); err != nil {
			return nil, fmt.Errorf("read an inserted entry: %w", err)
		}
		e.Category = category.Category()
		stored[of] = asStored(e, given[of])
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("insert %d entries of %d ledgers: %w", len(given), len(parts), err)
	}
	return stored, nil
}

// columnsAcross turns parts into the statement's arguments: an array for each column, and a mark for the ledgers' new states.
func columnsAcross(parts []groupcommit.Part, n int) []any {
	ledgers, adders, payers := make([]int64, 0, n), make([]int64, 0, n), make([]int64, 0, n)
	keys, fingerprints := make([]string, 0, n), make([][]byte, 0, n)
	dates, created := make([]time.Time, 0, n), make([]time.Time, 0, n)
	names, prices, currencies, notes := make([]string, 0, n), make([]string, 0, n), make([]string, 0, n), make([]string, 0, n)
	payees, tags := make([]string, 0, n), make([]string, 0, n)
	for _, part := range parts {
		for i := range part.Entries {
			e := &part.Entries[i]
			ledgers, keys, fingerprints = append(ledgers, int64(part.In)), append(keys, string(e.Key)), append(fingerprints, e.Fingerprint[:])
			dates, created = append(dates, e.Date.UTC()), append(created, e.CreatedAt)
			names, prices = append(names, e.Category.Key()), append(prices, e.Spent().Decimal())
			currencies, notes = append(currencies, e.Price.Currency().Code()), append(notes, e.Note)
			payees, tags = append(payees, e.Payee), append(tags, sqlexpense.StoreTags(e.Tags))
			adders, payers = append(adders, int64(e.AddedBy)), append(payers, int64(e.PaidBy))
		}
	}
	return []any{
		ledgers, keys, fingerprints, dates, names, prices, currencies, notes, created, payees, tags, adders, payers, sqlkit.NewMark(),
	}
}
