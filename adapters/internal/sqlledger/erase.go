package sqlledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"expense-tracker/core/ledger"
)

// erased are the tables with rows of ledgers, each after those that lead to it, with what a row's key has beside the ledger. A table
// without a key is erased at once: rows of it lead to each other. What is not named here stays: who was a member, and who made the ledger.
func erased() []table {
	return []table{
		{"token", "id"}, {"invitation", "id"}, {"ledger_event", "id"},
		{"rate", "id"}, {"schedule", "id"}, {"budget_term", "category_id, month"}, {"budget", "category_id"},
		{"expense_revision", "id, revision"}, {"ledger_change", "kind, row_id, revision"}, {"expense_entry", "id"},
		{"expense_total", "month, category_id, currency"}, {"expense_paid", "month, user_id, currency"},
		{"category_undo", "id"}, {"category", ""},
	}
}

type table struct{ name, key string }

// atOnce is how many rows are erased in one transaction.
const atOnce = 5000

const forgetLedger = `UPDATE ledger SET name = NULL, currency = NULL, time_zone = NULL WHERE id = $1`

// erasing returns a statement for each table, with the driver's placeholders.
func erasing(rebind func(string) string) (statements []string) {
	for _, t := range erased() {
		statement := `DELETE FROM ` + t.name + ` WHERE ledger_id = $1`
		if t.key != "" {
			statement += fmt.Sprintf(` AND (%[1]s) IN (SELECT %[1]s FROM %[2]s WHERE ledger_id = $1 LIMIT %[3]d)`, t.key, t.name, atOnce)
		}
		statements = append(statements, rebind(statement))
	}
	return statements
}

// EraseSome removes some of what a ledger has, in a transaction that has touched its row, and returns whether there may be more. When there
// is none, the ledger is as one that was never defined.
func (s *Store) EraseSome(ctx context.Context, tx *sql.Tx, in ledger.ID) (more bool, err error) {
	for _, statement := range s.erasing {
		result, err := tx.ExecContext(ctx, statement, in)
		if err != nil {
			return false, fmt.Errorf("erase: %w", err)
		}
		if gone, err := result.RowsAffected(); err != nil || gone >= atOnce {
			return true, err
		}
	}
	if _, err = tx.ExecContext(ctx, s.forget, in); err != nil {
		return false, fmt.Errorf("forget: %w", err)
	}
	return false, nil
}

// HasRows returns a query of whether a ledger has rows that go with it.
func HasRows() string {
	var some []string
	for _, t := range erased() {
		some = append(some, `EXISTS (SELECT 1 FROM `+t.name+` WHERE ledger_id = $1)`)
	}
	return `SELECT ` + strings.Join(some, " OR ")
}

// Erased returns the names of the tables whose rows go with their ledger.
func Erased() (names []string) {
	for _, t := range erased() {
		names = append(names, t.name)
	}
	return names
}
