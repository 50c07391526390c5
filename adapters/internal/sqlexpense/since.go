package sqlexpense

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

const (
	// The categories and their first months stand between the two, from $4 on. CROSS JOIN makes SQLite look totals up one by one.
	spentSince = `
WITH RECURSIVE months(month) AS (
	SELECT CAST($2 AS integer)
	UNION ALL
	SELECT CASE WHEN month % 100 = 12 THEN month + 89 ELSE month + 1 END FROM months WHERE month < CAST($3 AS integer)
), asked(category_id, first) AS (VALUES `
	spentSinceEnd = `
), found(asked, kept, first) AS (
	SELECT a.category_id, COALESCE(c.merged_into, a.category_id), a.first
	FROM asked a
	LEFT JOIN category c ON c.ledger_id = $1 AND c.id = a.category_id
	WHERE a.category_id = 0 OR c.id IS NOT NULL
)
SELECT f.asked, f.kept, m.month, t.currency, t.minor
FROM found f
CROSS JOIN months m
LEFT JOIN expense_total t ON t.ledger_id = $1 AND t.month = m.month AND t.category_id = f.kept AND t.entries > 0
WHERE m.month >= f.first`

	// The IDs stand behind it, from $2 on.
	categoriesByID = `
SELECT raw.id, c.id, c.name, c.colour, c.icon, c.archived
FROM category raw
JOIN category c ON c.ledger_id = raw.ledger_id AND c.id = COALESCE(raw.merged_into, raw.id)
WHERE raw.ledger_id = $1 AND raw.id IN (`
)

// SpentSince implements expense.SinceStore.
func (s *Store) SpentSince(ctx context.Context, in ledger.ID, since []expense.Since, to civil.Month) ([]expense.SpentIn, error) {
	first := to
	asked := make([]string, 0, len(since))
	args := make([]any, 2, 2+2*len(since)) // beside the ledger
	for _, one := range since {
		if one.From.Number() < first.Number() {
			first = one.From
		}
		asked = append(asked, fmt.Sprintf("(CAST($%d AS bigint), CAST($%d AS integer))", len(args)+2, len(args)+3))
		args = append(args, one.Category, one.From.Number())
	}
	args[0], args[1] = first.Number(), to.Number()
	query := s.runner.Rebind(spentSince + strings.Join(asked, ", ") + spentSinceEnd)
	return sqlkit.Rows(ctx, s.runner, "sqlexpense.SpentSince", in, s.scanSpentIn, query, args...)
}

func (s *Store) scanSpentIn(from sqlkit.Scanner) (expense.SpentIn, error) {
	var spent expense.SpentIn
	var month int
	var code sql.NullString
	var minor sql.NullInt64
	if err := from.Scan(&spent.Asked, &spent.Left, &month, &code, &minor); err != nil {
		return spent, err
	}
	spent.Month = civil.MonthOfNumber(month)
	if !code.Valid {
		return spent, nil
	}
	currency, err := s.currencies.Stored(code.String)
	spent.Amount = money.FromMinor(minor.Int64, currency)
	return spent, err
}

// CategoriesByID implements expense.SinceStore.
func (s *Store) CategoriesByID(
	ctx context.Context, in ledger.ID, ids []expense.CategoryID,
) (map[expense.CategoryID]expense.Category, error) {
	places, args := make([]string, 0, len(ids)), make([]any, 0, len(ids))
	for i, id := range ids {
		places, args = append(places, fmt.Sprintf("$%d", i+2)), append(args, id)
	}
	query := s.runner.Rebind(categoriesByID + strings.Join(places, ", ") + ")")
	found := make(map[expense.CategoryID]expense.Category, len(ids))
	_, err := sqlkit.Rows(ctx, s.runner, "sqlexpense.CategoriesByID", in, func(from sqlkit.Scanner) (struct{}, error) {
		var asked expense.CategoryID
		var row CategoryRow
		err := from.Scan(append([]any{&asked}, row.Columns()...)...)
		found[asked] = row.Category()
		return struct{}{}, err
	}, query, args...)
	return found, err
}
