package memory

import (
	"context"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// expenseStore is an expense.Store.
type expenseStore struct {
	shelves[expenseData]
	lastExpense  expense.ID
	lastCategory expense.CategoryID
	audit        auditRun
}

var _ expense.Store = (*expenseStore)(nil)

// expenseData is what one ledger has of expenses.
type expenseData struct {
	rows       map[expense.ID]*row
	list       []expense.Position                         // of all rows that are not deleted, oldest first
	bin        []expense.BinPosition                      // of all rows that are deleted, oldest first
	histories  map[expense.ID][]change                    // oldest first; none of what was never changed
	batches    map[expense.BatchNumber][]expense.BatchRow // the revisions that each has made
	byKey      map[idempotency.Key]expense.ID
	categories map[expense.CategoryID]*category
	byName     map[string]expense.CategoryID // by CategoryName.Key, without those merged away
	names      []string                      // the keys of byName, sorted
	totals     sums
	paid       payments
	changes    changes
}

// The kinds of row whose changes are noted.
const (
	ofExpense  = "expense"
	ofCategory = "category"
)

// row is an expense as it is stored: its category is the one that it was stored under.
type row struct {
	expense.Expense
	category    expense.CategoryID
	fingerprint idempotency.Fingerprint
	createdAt   time.Time
	deletedAt   time.Time // zero if it is not deleted
}

// change is a row as a change left it.
type change struct {
	row
	at time.Time
	by ledger.UserID
}

type category struct {
	name       expense.CategoryName
	key        string // of the name
	revision   int
	mergedInto expense.CategoryID // 0, or the category that is left
	look       expense.Look
	archived   bool
	undo       undo
	removed    bool // it has no expenses and is in no list; byName has it all the same
}

// undo is what a category was before its last rename, or that it was merged away. It counts as long as the category left of a merge, or
// the renamed one, has the revision that the change made.
type undo struct {
	revision int
	name     expense.CategoryName // before the rename; empty for a merge
	through  expense.CategoryID   // with which the category came along in a merge; 0 for what was renamed or merged itself
}

func newExpenseData() *expenseData {
	return &expenseData{
		rows:       make(map[expense.ID]*row),
		histories:  make(map[expense.ID][]change),
		batches:    make(map[expense.BatchNumber][]expense.BatchRow),
		byKey:      make(map[idempotency.Key]expense.ID),
		categories: make(map[expense.CategoryID]*category),
		byName:     make(map[string]expense.CategoryID),
		totals:     make(sums),
		paid:       make(payments),
		changes:    make(changes),
	}
}

// State implements ledger.StateStore.
func (s *expenseStore) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	return ledgerStore{s.db}.State(ctx, in)
}

// Currency implements expense.CurrencyStore.
func (s *expenseStore) Currency(_ context.Context, code string) (money.Currency, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	if c, ok := s.db.currencies[code]; ok {
		return c, nil
	}
	return money.Currency{}, expense.NoSuchCurrency("memory.Currency", code)
}

// counted returns a price in what its currency is counted in here, and whether the currency is yet to be remembered.
func (s *expenseStore) counted(op string, price money.Amount) (counted money.Amount, isNew bool, err error) {
	stored, ok := s.db.currencies[price.Currency().Code()]
	if !ok {
		return price, true, nil
	}
	counted, err = expense.Counted(op, price, stored)
	return counted, false, err
}
