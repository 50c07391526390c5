// Package memory keeps ledgers in plain Go structures: for the demo mode, where nothing is kept, and for fast tests. It is held
// to the same contract as the databases and is safe for many goroutines.
package memory

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Store is an expense.Store that lives as long as the process.
type Store struct {
	mu           sync.RWMutex
	books        map[ledger.ID]*book
	currencies   map[string]money.Currency // by code: what amounts are counted in
	lastExpense  expense.ID
	lastCategory expense.CategoryID
}

var (
	_ ledger.Store    = (*Store)(nil)
	_ expense.Store   = (*Store)(nil)
	_ expense.Counter = (*Store)(nil)
	_ expense.Auditor = (*Store)(nil)
)

// New returns an empty Store. It counts the given currencies in their decimals, and others as the list of today says.
func New(counted ...money.Currency) *Store {
	s := &Store{books: make(map[ledger.ID]*book), currencies: make(map[string]money.Currency)}
	for _, code := range money.Codes() {
		if listed, err := money.ParseCurrency(code); err == nil {
			s.currencies[code] = listed
		}
	}
	for _, c := range counted {
		s.currencies[c.Code()] = c
	}
	return s
}

// Currency implements expense.CurrencyStore.
func (s *Store) Currency(_ context.Context, code string) (money.Currency, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c, ok := s.currencies[code]; ok {
		return c, nil
	}
	return money.Currency{}, expense.NoSuchCurrency("memory.Currency", code)
}

// counted returns a price in what its currency is counted in here, and the currency if it is yet to be kept.
func (s *Store) counted(op string, price money.Amount) (counted money.Amount, isNew bool, err error) {
	stored, ok := s.currencies[price.Currency().Code()]
	if !ok {
		return price, true, nil
	}
	counted, err = expense.Counted(op, price, stored)
	return counted, false, err
}

// keep remembers what a currency is counted in.
func (s *Store) keep(c money.Currency) { s.currencies[c.Code()] = c }

// Ready answers at once: memory is always there.
func (s *Store) Ready(ctx context.Context) error { return ctx.Err() }

// Close does nothing; what was stored is gone with the Store.
func (s *Store) Close() error { return nil }

// book is one ledger.
type book struct {
	ledger     ledger.Ledger // without a name if it was never defined
	state      ledger.State
	rows       map[expense.ID]*row
	list       []expense.Position // of all rows that are not deleted, oldest first
	byKey      map[expense.Key]expense.ID
	categories map[expense.CategoryID]*category
	byName     map[string]expense.CategoryID // by CategoryName.Key, without those merged away
	names      []string                      // the keys of byName, sorted
	totals     sums
	changes    map[step]expense.Fingerprint
}

// step is one from a revision of an expense or a category, whichever of the two is named, to the next.
type step struct {
	expense  expense.ID
	category expense.CategoryID
	revision int
}

// row is an expense as it is stored: its category is the one that it was stored under.
type row struct {
	expense.Expense
	category    expense.CategoryID
	fingerprint expense.Fingerprint
}

type category struct {
	name       expense.CategoryName
	key        string // of the name
	revision   int
	mergedInto expense.CategoryID // 0, or the category that is left
}

func newBook() *book {
	return &book{
		rows:       make(map[expense.ID]*row),
		byKey:      make(map[expense.Key]expense.ID),
		categories: make(map[expense.CategoryID]*category),
		byName:     make(map[string]expense.CategoryID),
		totals:     make(sums),
		changes:    make(map[step]expense.Fingerprint),
	}
}

// read runs f on a ledger for reading; on an empty one if nothing was ever written to it.
func (s *Store) read(in ledger.ID, f func(*book) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.books[in]
	if !ok {
		b = newBook()
	}
	return f(b)
}

// errNothingChanged ends a write without an error and leaves the ledger's state as it is.
var errNothingChanged = errors.New("nothing changed")

// write runs f on a ledger for writing. If f returns an error, it must not have changed the book.
func (s *Store) write(in ledger.ID, f func(*book) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.books[in]
	if !ok {
		b = newBook()
	}
	switch err := f(b); {
	case errors.Is(err, errNothingChanged):
		return nil
	case err != nil:
		return err
	}
	b.state = ledger.State{Version: b.state.Version + 1, Mark: rand.Int64()} //nolint:gosec // it has to differ, not to be hard to guess
	s.books[in] = b
	return nil
}

// canonical returns the category that id leads to.
func (b *book) canonical(id expense.CategoryID) expense.Category {
	id = b.left(id)
	return expense.Category{ID: id, Name: b.categories[id].name}
}

// left returns the ID that is left of id, which may be one that is yet to be made.
func (b *book) left(id expense.CategoryID) expense.CategoryID {
	if c, ok := b.categories[id]; ok && c.mergedInto != 0 {
		return c.mergedInto
	}
	return id
}

// setName makes a name lead to a category.
func (b *book) setName(name expense.CategoryName, id expense.CategoryID) {
	key := name.Key()
	if _, known := b.byName[key]; !known {
		i, _ := slices.BinarySearch(b.names, key)
		b.names = slices.Insert(b.names, i, key)
	}
	b.byName[key], b.categories[id].key = id, key
}

// freeName makes a name lead nowhere.
func (b *book) freeName(name expense.CategoryName) {
	key := name.Key()
	if i, known := slices.BinarySearch(b.names, key); known {
		b.names = slices.Delete(b.names, i, i+1)
	}
	delete(b.byName, key)
}

// shown returns a row as callers see it.
func (b *book) shown(r *row) expense.Expense {
	e := r.Expense
	e.Category = b.canonical(r.category)
	return e
}

// moved returns the totals that change, with their new values, or an error if one could not be kept.
func (b *book) moved(changes expense.Tally) (expense.Tally, error) {
	moved := make(expense.Tally, len(changes))
	for _, key := range changes.Keys() {
		sum, err := b.totals.of(key).Plus(changes[key])
		if err != nil {
			return nil, err
		}
		moved[key] = sum
	}
	return moved, nil
}

// place returns where in the list the position stands or would stand.
func (b *book) place(p expense.Position) (int, bool) {
	return slices.BinarySearchFunc(b.list, p, expense.Position.Compare)
}

func (b *book) enlist(e expense.Expense) {
	i, _ := b.place(expense.PositionOf(e))
	b.list = slices.Insert(b.list, i, expense.PositionOf(e))
}

func (b *book) unlist(e expense.Expense) {
	if i, found := b.place(expense.PositionOf(e)); found {
		b.list = slices.Delete(b.list, i, i+1)
	}
}

// Ledgers implements expense.Auditor.
func (s *Store) Ledgers(context.Context) ([]ledger.ID, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.books)), nil
}

// repeated ends a change of a row that is not at the basis any more: without an error if the step from there was made by this very
// change, which was sent again, and with stale if it was made by another.
func (b *book) repeated(from step, basis expense.Basis, stale error) error {
	if made, ok := b.changes[from]; ok && made == basis.Fingerprint {
		return errNothingChanged
	}
	return stale
}
