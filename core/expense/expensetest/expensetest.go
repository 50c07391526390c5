// Package expensetest is the contract of the module's ports as a test suite. Every adapter runs it against the real thing. Only tests
// import it.
package expensetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Store is a storage as this module needs it, for pages and for operators.
type Store interface {
	expense.Store
	expense.Counter
	expense.Auditor
}

// Database is an open storage, asked for what it has for this module.
type Database interface {
	Expenses() expense.Store
	ExpenseCounter() expense.Counter
	ExpenseAuditor() expense.Auditor
}

// StoreOf returns all that a storage has for this module.
func StoreOf(db Database) Store {
	return struct {
		expense.Store
		expense.Counter
		expense.Auditor
	}{db.Expenses(), db.ExpenseCounter(), db.ExpenseAuditor()}
}

// TestStore runs the contract. newStore returns an empty storage and cleans up after its test.
func TestStore(t *testing.T, newStore func(t *testing.T) Store) {
	for _, part := range []struct {
		name string
		test func(*testing.T, *fixture)
	}{
		{"what goes in comes out", testRoundTrip},
		{"payees, tags and refunds", testFields},
		{"refunds are taken from totals", testRefunds},
		{"totals with refunds that cannot be kept are refused", testRefundOverflow},
		{"the largest amounts are exact", testLargestAmounts},
		{"a currency that no list has", testUnlistedCurrency},
		{"prices are kept in the storage's decimals", testStoredDecimals},
		{"a total that cannot be kept is refused", testTotalOverflow},
		{"a key stores one expense", testSameKey},
		{"a key with other content is refused", testKeyReused},
		{"a key outlives a delete", testKeyAfterDelete},
		{"two keys with equal content are two expenses", testEqualContent},
		{"one key many times at once", testSameKeyAtOnce},
		{"a batch has an outcome for each entry", testAddAll},
		{"a large batch", testLargeBatch},
		{"a missing expense", testMissingExpense},
		{"an edit moves the totals", testEdit},
		{"an error of an edit changes nothing", testEditFails},
		{"delete and restore", testDeleteRestore},
		{"edits of one expense at once", testEditsAtOnce},
		{"the bin", testBin},
		{"what is purged is gone for good", testPurge},
		{"purges at once", testPurgeAtOnce},
		{"the probe's expenses are forgotten", testForget},
		{"a history", testHistory},
		{"who added and who changed it", testWho},
		{"several change as one", testChangeAll},
		{"several change, or none of them", testChangeAllOrNone},
		{"several are taken back as one", testBatchBefore},
		{"changes of several at once", testChangeAllAtOnce},
		{"pages meet without gap or overlap", testPages},
		{"who has paid", testPaid},
		{"what each has paid follows changes", testPaidFollows},
		{"a year of payers", testPaidInAYear},
		{"what somebody has paid may be more than can be kept", testPaidOverflow},
		{"a search for what somebody has paid", testSearchPaid},
		{"payers change at once", testPaidAtOnce},
		{"an empty ledger", testEmpty},
		{"ledgers do not see each other", testIsolation},
		{"many ledgers at once", testManyLedgersAtOnce},
		{"no method shows another ledger", testEveryMethodApart},
		{"a state has a name of its own", testState},
		{"a stale change is refused", testStaleChange},
		{"a change that is sent again is recognised", testRepeatedChange},
		{"stale changes of categories are refused", testStaleCategory},
		{"changes of categories that are sent again are recognised", testRepeatedCategoryChange},
		{"a search finds", testSearchFinds},
		{"a search adds up", testSearchAddsUp},
		{"a search follows changes", testSearchFollows},
		{"pages of a search", testSearchPages},
		{"a search of many categories", testSearchManyCategories},
		{"a search equals a look at every expense", testSearchModel},
		{"an overview", testOverview},
		{"an overview's limits", testOverviewLimits},
		{"totals of categories that are named", testSince},
		{"categories ignore case", testCategoryCase},
		{"rename a category", testRename},
		{"merge categories", testMerge},
		{"a merge whose totals cannot be kept is refused", testMergeOverflow},
		{"pages of categories", testCategoryPages},
		{"a category's look", testLook},
		{"archived categories are not suggested", testArchive},
		{"a category without expenses is removed", testRemove},
		{"a removed category goes with its name", testRemovedNameTaken},
		{"a rename is undone", testUndoRename},
		{"a removal is undone", testUndoRemoval},
		{"a merge is undone", testUndoMerge},
		{"a merge of what was merged is undone", testUndoMergeOfMerged},
		{"a stale undo of a merge is refused", testStaleUndoOfMerge},
		{"days have totals", testDays},
		{"the categories used most", testFrequent},
		{"a report of a month", testMonthReport},
		{"a report of a year", testYearReport},
		{"a report of nothing", testEmptyReport},
		{"changes of all kinds at once", testAllAtOnce},
		{"an audit finds what is right", testAudit},
		{"one of many instances audits", testAuditRuns},
		{"totals equal a big-integer model", testModel},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.test(t, &fixture{Store: newStore(t), in: ledger.Default})
		})
	}
}

// fixture is a storage and the ledger that a test works in, with short words for what tests do all the time.
type fixture struct {
	Store
	in   ledger.ID
	keys int
}

// failer is what the helpers need of a test, be it a *testing.T or a *rapid.T.
type failer interface {
	Helper()
	Context() context.Context
	Error(...any)
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

var someDay = civil.Date{Year: 2026, Month: time.February, Day: 28}

func currency(t failer, code string) money.Currency {
	t.Helper()
	c, err := money.ParseCurrency(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func amount(t failer, decimal, code string) money.Amount {
	t.Helper()
	a, err := money.FromDecimal(decimal, currency(t, code))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// entry returns an entry in US dollars with a key of its own.
func (b *fixture) entry(t failer, category, decimal string, date civil.Date) expense.Entry {
	t.Helper()
	b.keys++
	return entryWithKey(t, fmt.Sprintf("key-%d", b.keys), category, decimal, date)
}

func entryWithKey(t failer, key, category, decimal string, date civil.Date) expense.Entry {
	t.Helper()
	return expense.Entry{
		Key: idempotency.Key(key), Fingerprint: idempotency.Fingerprint([]byte(fmt.Sprintf("%-16.16s", category+decimal))),
		Date: date, Category: expense.CategoryName(category), Price: amount(t, decimal, "USD"),
		CreatedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
}

// add adds an expense and returns it.
func (b *fixture) add(t failer, category, decimal string, date civil.Date) expense.Expense {
	t.Helper()
	return b.addEntry(t, b.entry(t, category, decimal, date))
}

func (b *fixture) addEntry(t failer, entry expense.Entry) expense.Expense {
	t.Helper()
	receipt, err := b.Add(t.Context(), b.in, entry)
	if err != nil {
		t.Fatalf("add %s: %v", entry.Price, err)
	}
	if receipt.Duplicate {
		t.Fatalf("add %s: a duplicate of %d", entry.Price, receipt.Expense.ID)
	}
	return receipt.Expense
}

// addEntries adds a batch, of which nothing may be refused, and returns what was stored.
func (b *fixture) addEntries(t failer, entries []expense.Entry) []expense.Expense {
	t.Helper()
	results, err := b.AddAll(t.Context(), b.in, entries)
	if err != nil {
		t.Fatal(err)
	}
	added := make([]expense.Expense, len(results))
	for i, result := range results {
		if result.Err != nil {
			t.Fatal(result.Err)
		}
		added[i] = result.Receipt.Expense
	}
	return added
}

// edit changes an expense as it is now and returns what it has become.
func (b *fixture) edit(t failer, id expense.ID, how func(*expense.Expense)) expense.Expense {
	t.Helper()
	changed, err := b.tryEdit(t, id, how)
	if err != nil {
		t.Fatalf("change %d: %v", id, err)
	}
	return changed
}

// tryEdit is edit for a change that may be refused.
func (b *fixture) tryEdit(t failer, id expense.ID, how func(*expense.Expense)) (expense.Expense, error) {
	t.Helper()
	now, err := b.Get(t.Context(), b.in, id)
	if err != nil {
		return expense.Expense{}, err
	}
	return b.Change(t.Context(), b.in, id, b.basis(now.Revision), revised(how))
}

// basis returns the basis of a change that is like no other.
func (b *fixture) basis(saw int) revision.Basis {
	return revision.Basis{Revision: saw, Fingerprint: idempotency.Fingerprint([]byte(rand.Text())[:16])}
}

// rename and merge change a category as it is now.
func (b *fixture) rename(t failer, id expense.CategoryID, name expense.CategoryName) (expense.Category, error) {
	t.Helper()
	return b.RenameCategory(t.Context(), b.in, id, b.basis(b.categoryRevision(t, id)), name)
}

func (b *fixture) merge(t failer, from, into expense.CategoryID) (expense.Category, error) {
	t.Helper()
	return b.MergeCategory(t.Context(), b.in, from, b.basis(b.categoryRevision(t, from)), into)
}

// categoryRevision returns a category's revision; 0 if there is no such category any more.
func (b *fixture) categoryRevision(t failer, id expense.CategoryID) int {
	t.Helper()
	summary, err := b.GetCategory(t.Context(), b.in, id)
	if err != nil && !errors.Is(err, fault.NotFound) {
		t.Fatalf("category %d: %v", id, err)
	}
	return summary.Revision
}

func revised(how func(*expense.Expense)) func(expense.Expense) (expense.Expense, error) {
	return func(e expense.Expense) (expense.Expense, error) {
		how(&e)
		return e, nil
	}
}

func (b *fixture) overview(t failer, month civil.Month) expense.Overview {
	t.Helper()
	overview, err := b.Overview(t.Context(), b.in, expense.OverviewQuery{Month: month, Newest: 100, Months: 12, Categories: 10,
		Suggestions: 100, Frequent: 8, Currency: "USD", Currencies: 10})
	if err != nil {
		t.Fatalf("overview: %v", err)
	}
	return overview
}

func (b *fixture) list(t failer, query expense.ListQuery) []expense.Expense {
	t.Helper()
	listed, err := b.List(t.Context(), b.in, query)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	return listed
}

// wantTotal checks the total of all time in US dollars.
func (b *fixture) wantTotal(t failer, decimal string) {
	t.Helper()
	if got := totals(b.overview(t, someDay.MonthOf()).AllTime); got != decimal {
		t.Errorf("total of all time %q, want %q", got, decimal)
	}
}

// wantSound checks every maintained total against its rows.
func (b *fixture) wantSound(t failer) {
	t.Helper()
	differences, err := b.Audit(context.WithoutCancel(t.Context()), b.in, false)
	if err != nil {
		t.Fatalf("audit: %v", err)
	}
	for _, d := range differences {
		t.Errorf("total %+v is stored as %+v and should be %+v", d.Key, d.Stored, d.Actual)
	}
}

// totals writes totals as "12.50 USD (3), 7 JPY (1)".
func totals(list []expense.Total) string {
	text := ""
	for i, total := range list {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s (%d)", total.Amount, total.Count)
	}
	return text
}
