package expensetest

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// testModel runs random mixes of adds, edits, deletes, restores, renames, merges, removals, batches and purges, in currencies of 0, 2, 3
// and 4 decimals and up to the largest amounts, and compares every total with a model that adds in big integers. Each mix has a ledger
// of its own.
func testModel(t *testing.T, b *fixture) {
	currencies := []money.Currency{currency(t, "JPY"), currency(t, "USD"), currency(t, "KWD"), currency(t, "CLF")}
	next := ledger.ID(100)
	rapid.Check(t, func(rt *rapid.T) {
		next++
		m := &model{fixture: &fixture{Store: b.Store, in: next}, currencies: currencies, prices: make(map[expense.ID]money.Amount),
			months: make(map[expense.ID]civil.Month), deleted: make(map[expense.ID]bool), payers: make(map[expense.ID]ledger.UserID)}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			m.step(rt)
		}
		m.check(rt)
	})
}

type model struct {
	fixture    *fixture
	currencies []money.Currency
	ids        []expense.ID
	categories []expense.CategoryID
	prices     map[expense.ID]money.Amount
	months     map[expense.ID]civil.Month
	deleted    map[expense.ID]bool
	payers     map[expense.ID]ledger.UserID
}

func (m *model) step(rt *rapid.T) {
	price := money.FromMinor(rapid.OneOf(rapid.Int64Range(1, 100_000), rapid.Just[int64](money.MaxMinor)).Draw(rt, "price"),
		rapid.SampledFrom(m.currencies).Draw(rt, "currency"))
	date := someDay.AddDays(rapid.IntRange(-40, 40).Draw(rt, "day"))
	refund := rapid.Bool().Draw(rt, "refund")
	payer := ledger.UserID(rapid.IntRange(0, 2).Draw(rt, "payer"))
	category := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "category")
	what := rapid.SampledFrom([]string{"add", "add", "edit", "delete or restore", "rename", "merge", "undo", "remove", "several",
		"purge"}).Draw(rt, "what")
	if len(m.ids) == 0 {
		what = "add"
	}
	switch what {
	case "add":
		entry := m.fixture.entry(rt, category, "1", date)
		entry.Price, entry.Refund, entry.PaidBy = price, refund, payer
		e := m.fixture.addEntry(rt, entry)
		m.ids = append(m.ids, e.ID)
		m.categories = append(m.categories, e.Category.ID)
		m.prices[e.ID], m.months[e.ID], m.payers[e.ID] = e.Spent(), date.MonthOf(), payer
	case "edit":
		id := rapid.SampledFrom(m.ids).Draw(rt, "id")
		e := m.fixture.edit(rt, id, func(e *expense.Expense) {
			e.Price, e.Refund, e.Date, e.Category = price, refund, date, expense.Category{Name: expense.CategoryName(category)}
			e.PaidBy = payer
		})
		m.categories = append(m.categories, e.Category.ID)
		m.prices[id], m.months[id], m.payers[id] = e.Spent(), date.MonthOf(), payer
	case "delete or restore":
		id := rapid.SampledFrom(m.ids).Draw(rt, "id")
		m.deleted[id] = m.fixture.edit(rt, id, func(e *expense.Expense) { e.Deleted = !e.Deleted }).Deleted
	case "rename":
		_, err := m.fixture.rename(rt, rapid.SampledFrom(m.categories).Draw(rt, "renamed"), expense.CategoryName(category))
		wantAnswer(rt, err)
	case "merge":
		from, into := rapid.SampledFrom(m.categories).Draw(rt, "from"), rapid.SampledFrom(m.categories).Draw(rt, "into")
		if from != into {
			_, err := m.fixture.merge(rt, from, into)
			wantAnswer(rt, err)
		}
	case "remove":
		wantAnswer(rt, m.fixture.remove(rt, rapid.SampledFrom(m.categories).Draw(rt, "removed")))
	case "several":
		m.several(rt, expense.CategoryName(category))
	case "purge":
		m.purge(rt)
	case "undo":
		m.undoLast(rt, rapid.SampledFrom(m.categories).Draw(rt, "undone"))
	}
}

// several deletes or restores some expenses in one change, which moves them to a category, and perhaps takes that back.
func (m *model) several(rt *rapid.T, category expense.CategoryName) {
	var rows []expense.Expense
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(m.ids), 1, len(m.ids), rapid.ID).Draw(rt, "ids") {
		e, err := m.fixture.Get(rt.Context(), m.fixture.in, id)
		if err != nil {
			rt.Fatal(err)
		}
		rows = append(rows, e)
	}
	batch := batchOf(fmt.Sprint(category, rows), someMoment, rows...)
	changed := m.fixture.changeAll(rt, batch, func(e *expense.Expense) {
		e.Category, e.Deleted = expense.Category{Name: category}, !e.Deleted
	})
	if rapid.Bool().Draw(rt, "taken back") {
		before := make(map[expense.ID]expense.Expense)
		for _, e := range m.fixture.batchBefore(rt, batch.Number()) {
			before[e.ID] = e
		}
		changed = m.fixture.changeAll(rt, batchOf(fmt.Sprint("undo", rows), someMoment, changed...), func(e *expense.Expense) {
			*e = before[e.ID]
		})
	}
	for _, e := range changed {
		m.categories = append(m.categories, e.Category.ID)
		m.deleted[e.ID] = e.Deleted
	}
}

// purge takes for good what is deleted.
func (m *model) purge(rt *rapid.T) {
	purged, err := m.fixture.Purge(rt.Context(), m.fixture.in, time.Now().Add(time.Hour), 100)
	if err != nil {
		rt.Fatal(err)
	}
	m.ids = slices.DeleteFunc(m.ids, func(id expense.ID) bool {
		isGone := m.deleted[id]
		if isGone {
			purged--
			delete(m.deleted, id)
		}
		return isGone
	})
	if purged != 0 {
		rt.Errorf("%d more were purged than had been deleted", purged)
	}
}

// undoLast takes back the last change of a category, or its merge.
func (m *model) undoLast(rt *rapid.T, id expense.CategoryID) {
	undo := m.fixture.undo
	if m.fixture.categoryRevision(rt, id) == 0 {
		undo = m.fixture.undoMerge
	}
	_, err := undo(rt, id)
	wantAnswer(rt, err)
}

// wantAnswer takes a change of a category, and a refusal of one: the name is taken, or the category merged away.
func wantAnswer(t failer, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.NotFound) {
		t.Errorf("a change of a category: %v", err)
	}
}

func (m *model) check(rt *rapid.T) {
	month := someDay.MonthOf()
	overview := m.fixture.overview(rt, month)
	var allTime, ofMonth, categoriesOfMonth []expense.Total
	allTime, ofMonth = overview.AllTime, overview.Month
	for _, c := range overview.Categories {
		categoriesOfMonth = append(categoriesOfMonth, c.Total)
	}
	inMonth := func(id expense.ID) bool { return m.months[id] == month }
	m.compare(rt, "all time", allTime, func(expense.ID) bool { return true })
	m.compare(rt, "the month", ofMonth, inMonth)
	m.compare(rt, "the month's categories", categoriesOfMonth, inMonth)
	for _, payer := range []ledger.UserID{1, 2} {
		m.compare(rt, fmt.Sprint("paid by ", payer), m.fixture.paidBy(rt, month, payer), func(id expense.ID) bool {
			return inMonth(id) && m.payers[id] == payer
		})
	}
	listed, err := m.fixture.ListCategories(rt.Context(), m.fixture.in, "", 1000)
	if err != nil {
		rt.Fatal(err)
	}
	var ofCategories []expense.Total
	for _, c := range listed {
		ofCategories = append(ofCategories, c.Totals...)
	}
	m.compare(rt, "all categories", ofCategories, func(expense.ID) bool { return true })
	m.fixture.wantSound(rt)
	if listed := m.fixture.list(rt, expense.ListQuery{Limit: 1000}); len(listed) != len(m.ids)-m.countDeleted() {
		rt.Errorf("%d expenses are listed, want %d", len(listed), len(m.ids)-m.countDeleted())
	}
}

// compare adds up what the storage says and what the model says, per currency.
func (m *model) compare(rt *rapid.T, what string, got []expense.Total, counts func(expense.ID) bool) {
	kept, want := make(map[money.Currency]*big.Int), make(map[money.Currency]*big.Int)
	add := func(to map[money.Currency]*big.Int, a money.Amount) {
		if to[a.Currency()] == nil {
			to[a.Currency()] = new(big.Int)
		}
		to[a.Currency()].Add(to[a.Currency()], big.NewInt(a.Minor()))
	}
	for _, total := range got {
		add(kept, total.Amount)
	}
	for _, id := range m.ids {
		if !m.deleted[id] && counts(id) {
			add(want, m.prices[id])
		}
	}
	if fmt.Sprint(kept) != fmt.Sprint(want) {
		rt.Errorf("%s: %v, want %v", what, kept, want)
	}
}

func (m *model) countDeleted() (n int) {
	for _, deleted := range m.deleted {
		if deleted {
			n++
		}
	}
	return n
}
