// Package memory keeps ledgers in plain Go structures: for the demo mode, where nothing is kept, and for fast tests. It is held
// to the same contract as the databases and is safe for many goroutines.
package memory

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"

	"expense-tracker/core/budget"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// DB is a database that lives as long as the process, whose stores are asked by module.
type DB struct {
	mu         sync.RWMutex // guards all that modules keep
	ledgers    map[ledger.ID]*ledgerRow
	currencies map[string]money.Currency // by code: what amounts are counted in
	expenses   *expenseStore
	rates      *rateStore
	schedules  *scheduleStore
	budgets    *budgetStore
	members    *memberStore
	accounts   *accountStore
	tokens     *tokenStore
}

// ledgerRow is a ledger that was written to.
type ledgerRow struct {
	ledger ledger.Ledger // without a name if it was never defined
	state  ledger.State
}

// New returns an empty DB. It counts the given currencies in their decimals, and others as the list of today says.
func New(counted ...money.Currency) *DB {
	db := &DB{ledgers: make(map[ledger.ID]*ledgerRow), currencies: make(map[string]money.Currency)}
	for _, code := range money.Codes() {
		if listed, err := money.ParseCurrency(code); err == nil {
			db.currencies[code] = listed
		}
	}
	for _, c := range counted {
		db.currencies[c.Code()] = c
	}
	db.expenses = &expenseStore{shelves: newShelves(db, newExpenseData)}
	db.rates = newRateStore(db)
	db.schedules = &scheduleStore{shelves: newShelves(db, newScheduleData)}
	db.budgets = newBudgetStore(db)
	db.members = newMemberStore(db)
	db.accounts = newAccountStore(db)
	db.tokens = newTokenStore(db)
	return db
}

// Expenses returns the store of module expense.
func (db *DB) Expenses() expense.Store { return db.expenses }

// ExpenseCounter returns what counts the expenses of all ledgers.
func (db *DB) ExpenseCounter() expense.Counter { return db.expenses }

// ExpenseAuditor returns what checks the totals of expenses.
func (db *DB) ExpenseAuditor() expense.Auditor { return db.expenses }

// Budgets returns the store of module budget.
func (db *DB) Budgets() budget.Store { return db.budgets }

// Ledgers returns the store of ledgers.
func (db *DB) Ledgers() ledger.Store { return ledgerStore{db} }

// Ready answers at once: memory is always there.
func (db *DB) Ready(ctx context.Context) error { return ctx.Err() }

// Close does nothing; what was stored is gone with the DB.
func (db *DB) Close() error { return nil }

// errNothingChanged ends a write without an error and leaves the ledger's state as it is.
var errNothingChanged = errors.New("nothing changed")

// write runs work that no other call sees half of, and gives the ledger a new state: every write of a module goes through here. Work
// that returns an error must not have changed anything.
func (db *DB) write(in ledger.ID, work func() error) error {
	return db.writeSome(func() (ledger.ID, error) { return in, work() })
}

// writeSome is write for work that finds out which ledger it writes to.
func (db *DB) writeSome(work func() (ledger.ID, error)) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	in, err := work()
	switch {
	case errors.Is(err, errNothingChanged):
		return nil
	case err != nil:
		return err
	}
	row := db.row(in)
	row.state = ledger.State{Version: row.state.Version + 1, Mark: rand.Int64()} //nolint:gosec // it has to differ, not to be hard to guess
	db.ledgers[in] = &row
	return nil
}

// row returns a ledger's row, an empty one if nothing was ever written to it. The caller holds the lock.
func (db *DB) row(in ledger.ID) ledgerRow {
	if row, ok := db.ledgers[in]; ok {
		return *row
	}
	return ledgerRow{}
}

// setCurrency remembers what a currency is counted in. The caller writes.
func (db *DB) setCurrency(c money.Currency) { db.currencies[c.Code()] = c }
