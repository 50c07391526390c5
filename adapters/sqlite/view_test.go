package sqlite_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

func TestExpenseView(t *testing.T) {
	path := newPath(t)
	store := open(t, path)
	execute(t, path, `INSERT INTO account (id, name, folded, language, admin, disabled, password, generation, created_at)
		VALUES (7, 'Zoë', 'zoë', '', FALSE, FALSE, '', 1, 0)`)
	want := []string{}
	for i, price := range []struct {
		decimal, code string
	}{
		{"0.01", "USD"}, {"0.99", "EUR"}, {"9999999999999.99", "USD"}, {"7", "JPY"}, {"999999999999999", "JPY"},
		{"0.001", "KWD"}, {"0.0001", "CLF"}, {"12.3456", "CLF"},
	} {
		currency, err := money.ParseCurrency(price.code)
		if err != nil {
			t.Fatal(err)
		}
		e := entry(fmt.Sprint("key-", i))
		if e.Price, err = money.FromDecimal(price.decimal, currency); err != nil {
			t.Fatal(err)
		}
		e.Payee, e.Tags, e.Refund = "Ana", "work family", i%2 == 1
		receipt, err := store.Add(t.Context(), ledger.Default, e)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("%d food %s %s 2026-02-28 a note 1 Ana [work family] %d ", receipt.Expense.ID,
			receipt.Expense.Spent().Decimal(), price.code, i%2))
	}
	merged, deleted := entry("merged"), entry("deleted")
	merged.Category, merged.PaidBy = "snacks", 7
	snack, err := store.Add(t.Context(), ledger.Default, merged)
	if err != nil {
		t.Fatal(err)
	}
	gone, err := store.Add(t.Context(), ledger.Default, deleted)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.MergeCategory(t.Context(), ledger.Default,
		snack.Expense.Category.ID, revision.Basis{Revision: 1}, gone.Expense.Category.ID); err != nil {
		t.Fatal(err)
	}
	remove := func(e expense.Expense) (expense.Expense, error) {
		e.Deleted = true
		return e, nil
	}
	if _, err := store.Change(t.Context(), ledger.Default, gone.Expense.ID, revision.Basis{Revision: 1}, remove); err != nil {
		t.Fatal(err)
	}
	want = append(want, fmt.Sprintf("%d food 12.50 USD 2026-02-28 a note 1  [] 0 Zoë", snack.Expense.ID))

	rows, err := openPlain(t, path).Query(`SELECT * FROM expense ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	if columns, err := rows.Columns(); err != nil || !slices.Equal(columns,
		[]string{"id", "category", "price", "currency", "date", "note", "ledger_id", "payee", "tags", "refund", "paid_by"}) {
		t.Errorf("columns %v, %v", columns, err)
	}
	var got []string
	for rows.Next() {
		var id, ledgerID, refund int64
		var category, price, currency, date, note, payee, tags string
		var paidBy sql.NullString
		if err := rows.Scan(&id, &category, &price, &currency, &date, &note, &ledgerID, &payee, &tags, &refund, &paidBy); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(id, " ", category, " ", price, " ", currency, " ", date, " ", note, " ", ledgerID,
			" ", payee, " [", tags, "] ", refund, " ", paidBy.String))
	}
	if err := rows.Err(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v\n got %q\nwant %q", err, got, want)
	}
}
