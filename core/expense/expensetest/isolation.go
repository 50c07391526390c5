package expensetest

import (
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

// testEveryMethodApart asks each method of the ports, in a ledger that has nothing, for what another ledger has of every kind.
func testEveryMethodApart(t *testing.T, b *fixture) {
	ctx := t.Context()
	theirs := &fixture{Store: b.Store, in: b.in + 1}
	e := theirs.described(t, "food", "1.00", "USD", someDay, "Ana", "a secret", "work")
	theirs.edit(t, e.ID, func(e *expense.Expense) { e.Note = "another secret" })
	theirs.changeAll(t, batchOf("batch", someTime, theirs.add(t, "books", "2.00", someDay)), toRent)
	batch := batchOf("batch", someTime).Number()
	binned := theirs.add(t, "food", "3.00", someDay)
	theirs.deleteAt(t, binned.ID, someTime)
	away, left := theirs.add(t, "fuel", "4.00", someDay).Category, theirs.add(t, "car", "5.00", someDay).Category
	if _, err := theirs.merge(t, away.ID, left.ID); err != nil {
		t.Fatal(err)
	}
	category, month := e.Category.ID, someDay.MonthOf()
	before := theirs.shown(t)
	untouched := func(e expense.Expense) (expense.Expense, error) {
		t.Errorf("asked to change %+v", e)
		return e, nil
	}
	ledgertest.Isolation[Store](t, map[string]string{
		"Currency":      "how a code is counted is the storage's, for all ledgers",
		"CountExpenses": "it counts for the operator",
		"Ledgers":       "it tells the operator what there is to audit",
		"BeginAudit":    "one instance audits all ledgers",
		"EndAudit":      "what an audit of all ledgers found is the operator's",
		"LastAudit":     "the same",
	}, map[string]func(*testing.T){
		"Add": func(t *testing.T) { // a key is known in its own ledger alone
			receipt, err := b.Add(ctx, b.in+2, entryWithKey(t, "key-1", "food", "9.00", someDay))
			if err != nil || receipt.Duplicate || receipt.Expense.Category.ID == category {
				t.Errorf("added %+v, %v", receipt, err)
			}
		},
		"AddAll": func(t *testing.T) {
			results, err := b.AddAll(ctx, b.in+3, []expense.Entry{entryWithKey(t, "key-1", "food", "9.00", someDay)})
			if err != nil || results[0].Err != nil || results[0].Receipt.Duplicate {
				t.Errorf("added %+v, %v", results, err)
			}
		},
		"Get": func(t *testing.T) {
			_, err := b.Get(ctx, b.in, e.ID)
			ledgertest.WantNotFound(t, err)
		},
		"Change": func(t *testing.T) {
			_, err := b.Change(ctx, b.in, e.ID, b.basis(2), untouched)
			ledgertest.WantNotFound(t, err)
		},
		"ChangeAll": func(t *testing.T) { // StaleAmong and GoneAmong are Conflicts that name what is missing
			if got, err := b.ChangeAll(ctx, b.in, batchOf("other", someTime, e), untouched); err == nil {
				t.Errorf("changed %+v", got)
			}
		},
		"BatchBefore": func(t *testing.T) { wantNothingOf(t)(b.BatchBefore(ctx, b.in, batch)) },
		"List":        func(t *testing.T) { wantNothingOf(t)(b.List(ctx, b.in, expense.ListQuery{Limit: 100})) },
		"Bin": func(t *testing.T) {
			found, err := b.Bin(ctx, b.in, expense.BinQuery{Limit: 100})
			ledgertest.WantNothing(t, found, err)
		},
		"Purge": func(t *testing.T) {
			if n, err := b.Purge(ctx, b.in, someTime.AddDate(1, 0, 0), 100); n != 0 || err != nil {
				t.Errorf("purged %d, %v", n, err)
			}
		},
		"Forget": func(t *testing.T) {
			if n, err := b.Forget(ctx, ledger.Probe, 100); n != 0 || err != nil {
				t.Errorf("forgot %d, %v", n, err)
			}
		},
		"History": func(t *testing.T) {
			found, err := b.History(ctx, b.in, e.ID, expense.HistoryQuery{Limit: 100})
			ledgertest.WantNothing(t, found, err)
		},
		"Search": func(t *testing.T) {
			for _, filter := range []expense.Filter{
				{}, {Terms: []expense.Term{{Text: "secret"}}}, {Tag: "work"}, {Categories: []expense.CategoryID{category}}, {Deleted: true},
			} {
				found, err := b.Search(ctx, b.in, expense.SearchQuery{Filter: filter, ListQuery: expense.ListQuery{Limit: 100}})
				ledgertest.WantNothing(t, found.Expenses, err)
				ledgertest.WantNothing(t, found.Totals, err)
			}
		},
		"EachFound": func(t *testing.T) {
			err := b.EachFound(ctx, b.in, expense.Filter{Terms: []expense.Term{{Text: "secret"}}}, func(found []expense.Expense) error {
				ledgertest.WantNothing(t, found, nil)
				return nil
			})
			ledgertest.WantNothing[expense.Expense](t, nil, err)
		},
		"Overview": func(t *testing.T) {
			o, err := b.Overview(ctx, b.in, expense.OverviewQuery{
				Month: month, Newest: 100, Months: 12, Categories: 12, Suggestions: 100, Frequent: 9, Currency: "USD", Currencies: 6,
			})
			if got := fmt.Sprint(o); err != nil || got != fmt.Sprint(expense.Overview{}) {
				t.Errorf("of another ledger it has %s, %v", got, err)
			}
		},
		"Report": func(t *testing.T) {
			for _, query := range []expense.ReportQuery{{Month: month}, {Year: month.Year}} {
				query.Categories, query.Largest, query.Currency, query.Currencies = 12, 10, "USD", 6
				r, err := b.Report(ctx, b.in, query)
				if got := fmt.Sprint(r); err != nil || got != fmt.Sprint(expense.Report{}) {
					t.Errorf("of another ledger it has %s, %v", got, err)
				}
			}
		},
		"SpentSince": func(t *testing.T) {
			found, err := b.SpentSince(ctx, b.in, []expense.Since{{From: month}, {Category: category, From: month}}, month)
			for _, spent := range found {
				if !spent.Amount.IsZero() || spent.Asked != 0 {
					t.Errorf("of another ledger it has %+v", spent)
				}
			}
			ledgertest.WantNothing[expense.SpentIn](t, nil, err)
		},
		"CategoriesByID": func(t *testing.T) {
			found, err := b.CategoriesByID(ctx, b.in, []expense.CategoryID{category, left.ID, away.ID})
			if err != nil || len(found) > 0 {
				t.Errorf("of another ledger it has %+v, %v", found, err)
			}
		},
		"ListCategories": func(t *testing.T) {
			found, err := b.ListCategories(ctx, b.in, "", 100)
			ledgertest.WantNothing(t, found, err)
		},
		"SuggestCategories": func(t *testing.T) {
			found, err := b.SuggestCategories(ctx, b.in, 100)
			ledgertest.WantNothing(t, found, err)
		},
		"GetCategory": func(t *testing.T) {
			_, err := b.GetCategory(ctx, b.in, category)
			ledgertest.WantNotFound(t, err)
		},
		"CategoryNamed": func(t *testing.T) {
			_, err := b.CategoryNamed(ctx, b.in, "food")
			ledgertest.WantNotFound(t, err)
		},
		"RenameCategory": func(t *testing.T) {
			_, err := b.RenameCategory(ctx, b.in, category, b.basis(1), "mine")
			ledgertest.WantNotFound(t, err)
		},
		"MergeCategory": func(t *testing.T) {
			_, err := b.MergeCategory(ctx, b.in, category, b.basis(1), left.ID)
			ledgertest.WantNotFound(t, err)
		},
		"MergedCategory": func(t *testing.T) {
			_, err := b.MergedCategory(ctx, b.in, away.ID)
			ledgertest.WantNotFound(t, err)
		},
		"UndoCategory": func(t *testing.T) {
			_, err := b.UndoCategory(ctx, b.in, away.ID, b.basis(2))
			ledgertest.WantNotFound(t, err)
		},
		"ChangeCategory": func(t *testing.T) {
			archived := true
			_, err := b.ChangeCategory(ctx, b.in, category, b.basis(1), expense.CategoryChange{Archived: &archived})
			ledgertest.WantNotFound(t, err)
		},
		"RemoveCategory": func(t *testing.T) {
			ledgertest.WantNotFound(t, b.RemoveCategory(ctx, b.in, category, b.basis(1)))
		},
		"State": func(t *testing.T) {
			if state, err := b.State(ctx, b.in); err != nil || state != (ledger.State{}) {
				t.Errorf("a ledger without a row is in state %+v, %v", state, err)
			}
		},
		"Audit": func(t *testing.T) {
			found, err := b.Audit(ctx, b.in, true)
			ledgertest.WantNothing(t, found, err)
		},
	})
	if after := theirs.shown(t); after != before {
		t.Errorf("the other ledger was\n%s, and is\n%s", before, after)
	}
	theirs.wantSound(t)
}

var someTime = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// wantNothingOf checks a list of expenses.
func wantNothingOf(t *testing.T) func([]expense.Expense, error) {
	return func(found []expense.Expense, err error) {
		t.Helper()
		ledgertest.WantNothing(t, found, err)
	}
}

// shown returns what a ledger holds, as text, and its state.
func (b *fixture) shown(t failer) string {
	t.Helper()
	binned, err := b.Bin(t.Context(), b.in, expense.BinQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	categories, err := b.ListCategories(t.Context(), b.in, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(b.state(t), b.list(t, expense.ListQuery{Limit: 100}), len(binned), categories)
}
