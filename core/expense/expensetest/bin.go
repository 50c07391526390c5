package expensetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/revision"
)

var someMoment = time.Date(2026, 11, 1, 12, 0, 0, 123456000, time.UTC)

// deleteAt deletes an expense at a moment.
func (b *fixture) deleteAt(t failer, id expense.ID, at time.Time) expense.Expense {
	t.Helper()
	return b.changeAt(t, id, at, func(e *expense.Expense) { e.Deleted = true })
}

func (b *fixture) changeAt(t failer, id expense.ID, at time.Time, how func(*expense.Expense)) expense.Expense {
	t.Helper()
	now, err := b.Get(t.Context(), b.in, id)
	if err != nil {
		t.Fatal(err)
	}
	basis := b.basis(now.Revision)
	basis.At = at
	changed, err := b.Change(t.Context(), b.in, id, basis, revised(how))
	if err != nil {
		t.Fatalf("change %d: %v", id, err)
	}
	return changed
}

func (b *fixture) bin(t failer, query expense.BinQuery) (ids []expense.ID, found []expense.Binned) {
	t.Helper()
	found, err := b.Bin(t.Context(), b.in, query)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range found {
		ids = append(ids, one.ID)
	}
	return ids, found
}

func wantIDs(t *testing.T, what string, got, want []expense.ID) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func testBin(t *testing.T, b *fixture) {
	var ids []expense.ID
	for i := range 6 {
		ids = append(ids, b.add(t, "food", fmt.Sprintf("%d.50", i+1), someDay.AddDays(i)).ID)
	}
	if got, _ := b.bin(t, expense.BinQuery{Limit: 10}); len(got) != 0 {
		t.Errorf("an empty bin has %v", got)
	}
	b.deleteAt(t, ids[3], someMoment)
	b.deleteAt(t, ids[1], someMoment) // at the same moment: the ID decides
	b.deleteAt(t, ids[0], someMoment.Add(time.Microsecond))
	last := b.deleteAt(t, ids[4], someMoment.Add(-time.Hour))
	all, found := b.bin(t, expense.BinQuery{Limit: 10})
	wantIDs(t, "all", all, []expense.ID{ids[0], ids[3], ids[1], ids[4]})
	if want := (expense.Binned{Expense: last, At: someMoment.Add(-time.Hour)}); found[3] != want {
		t.Errorf("the oldest is %+v, want %+v", found[3], want)
	}
	for i, one := range found {
		at := one.Position()
		older, _ := b.bin(t, expense.BinQuery{Before: &at, Limit: 2})
		wantIDs(t, "older", older, all[i+1:min(i+3, len(all))])
		newer, _ := b.bin(t, expense.BinQuery{After: &at, Limit: 2})
		wantIDs(t, "newer", newer, all[max(0, i-2):i])
	}
	b.edit(t, ids[3], func(e *expense.Expense) { e.Deleted = false })
	left, _ := b.bin(t, expense.BinQuery{Limit: 10})
	wantIDs(t, "after a restore", left, []expense.ID{ids[0], ids[1], ids[4]})
	b.deleteAt(t, ids[3], someMoment.Add(time.Hour))
	left, _ = b.bin(t, expense.BinQuery{Limit: 1})
	wantIDs(t, "deleted once more", left, ids[3:4])
	other := &fixture{Store: b.Store, in: b.in + 1}
	if got, _ := other.bin(t, expense.BinQuery{Limit: 10}); len(got) != 0 {
		t.Errorf("another ledger's bin has %v", got)
	}
	b.wantSound(t)
}

func testPurge(t *testing.T, b *fixture) {
	entry := b.entry(t, "food", "1.50", someDay)
	entry.Note, entry.Payee, entry.Tags = "secret", "secret", "secret"
	entries := []expense.Entry{entry, b.entry(t, "rent", "2.50", someDay), b.entry(t, "rent", "4.50", someDay)}
	entries[1].Price = amount(t, "9", "JPY")
	var added []expense.Expense
	for i, e := range entries {
		added = append(added, b.addEntry(t, e))
		b.deleteAt(t, added[i].ID, someMoment.Add(time.Duration(i)*time.Hour))
	}
	kept := b.add(t, "food", "8.00", someDay)
	state := b.state(t)
	if n, err := b.Purge(t.Context(), b.in, someMoment, 10); n != 0 || err != nil || b.state(t) != state {
		t.Errorf("nothing is old enough: %d, %v, and the state is another: %t", n, err, b.state(t) != state)
	}
	if n, err := b.Purge(t.Context(), b.in, someMoment.Add(90*time.Minute), 1); n != 1 || err != nil {
		t.Errorf("%d purged, %v, want the limit", n, err)
	}
	left, _ := b.bin(t, expense.BinQuery{Limit: 10})
	wantIDs(t, "the younger are left", left, []expense.ID{added[2].ID, added[1].ID})
	if n, err := b.Purge(t.Context(), b.in, someMoment.Add(90*time.Minute), 10); n != 1 || err != nil {
		t.Errorf("%d purged, %v, want what is left", n, err)
	}
	left, _ = b.bin(t, expense.BinQuery{Limit: 10})
	wantIDs(t, "the youngest is left", left, []expense.ID{added[2].ID})
	for i, e := range added[:2] {
		if _, err := b.Get(t.Context(), b.in, e.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("get: %v, want NotFound", err)
		}
		_, err := b.Change(t.Context(), b.in, e.ID, revision.Basis{Revision: e.Revision + 2},
			revised(func(e *expense.Expense) { e.Deleted = false }))
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("restore: %v, want NotFound", err)
		}
		if known, err := b.History(t.Context(), b.in, e.ID, expense.HistoryQuery{Limit: 10}); len(known) > 0 || err != nil {
			t.Errorf("its history is %+v, %v", known, err)
		}
		again, err := b.Add(t.Context(), b.in, entries[i])
		if got := again.Expense; err != nil || !again.Duplicate || got.ID != e.ID || !got.Gone || !got.Deleted ||
			got.Note != "" || got.Payee != "" || got.Tags != "" {
			t.Errorf("added again: %+v, %v", again, err)
		}
		other := entries[i]
		other.Fingerprint = idempotency.Fingerprint{1}
		if _, err := b.Add(t.Context(), b.in, other); !errors.Is(err, fault.Conflict) {
			t.Errorf("its key with other content: %v, want Conflict", err)
		}
		results, err := b.AddAll(t.Context(), b.in, []expense.Entry{entries[i], b.entry(t, "tea", "1.00", someDay)})
		if err != nil || results[0].Err != nil || !results[0].Receipt.Expense.Gone || results[1].Receipt.Duplicate {
			t.Errorf("in a batch: %+v, %v", results, err)
		}
	}
	deleted, err := b.Search(t.Context(), b.in,
		expense.SearchQuery{Filter: expense.Filter{Deleted: true}, ListQuery: expense.ListQuery{Limit: 10}})
	if err != nil || len(deleted.Expenses) != 1 || deleted.Expenses[0].ID != added[2].ID {
		t.Errorf("a search of what is deleted finds %+v, %v", deleted.Expenses, err)
	}
	listed := b.list(t, expense.ListQuery{Limit: 10})
	if len(listed) != 3 || listed[2] != kept {
		t.Errorf("the list is %+v", listed)
	}
	b.wantTotal(t, "10.00 USD (3)")
	b.wantSound(t)
}

// Those who purge at once share the work: each expense is purged by one.
func testPurgeAtOnce(t *testing.T, b *fixture) {
	const many = 60
	for range many {
		b.deleteAt(t, b.add(t, "food", "1.00", someDay).ID, someMoment)
	}
	var mu sync.Mutex
	total := 0
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				n, err := b.Purge(t.Context(), b.in, someMoment.Add(time.Hour), 7)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				total += n
				mu.Unlock()
				if n == 0 {
					return
				}
			}
		})
	}
	all.Wait()
	if total != many {
		t.Errorf("%d were purged in all, want %d", total, many)
	}
	b.wantSound(t)
}

func testHistory(t *testing.T, b *fixture) {
	entry := b.entry(t, "food", "1.50", someDay)
	entry.Note, entry.Payee, entry.Tags, entry.Refund = "n", "p", "work", true
	first := b.addEntry(t, entry)
	history := func(query expense.HistoryQuery) []expense.Revision {
		found, err := b.History(t.Context(), b.in, first.ID, query)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if got := history(expense.HistoryQuery{Limit: 10}); len(got) != 0 {
		t.Errorf("one that was never changed has the history %+v", got)
	}
	second := b.changeAt(t, first.ID, someMoment, func(e *expense.Expense) {
		e.Price, e.Category, e.Refund = amount(t, "7", "JPY"), expense.Category{Name: "rent"}, false
	})
	third := b.deleteAt(t, first.ID, someMoment.Add(time.Second))
	want := []expense.Revision{{Expense: third, At: someMoment.Add(time.Second)}, {Expense: second, At: someMoment},
		{Expense: first, At: entry.CreatedAt}}
	for _, tt := range []struct {
		query expense.HistoryQuery
		want  []expense.Revision
	}{
		{expense.HistoryQuery{Limit: 10}, want}, {expense.HistoryQuery{Limit: 2}, want[:2]},
		{expense.HistoryQuery{From: 2, Limit: 10}, want[1:]}, {expense.HistoryQuery{From: 1, Limit: 1}, want[2:]},
	} {
		if got := history(tt.query); fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%+v:\n got %+v\nwant %+v", tt.query, got, tt.want)
		}
	}
	refused := fault.New(fault.Invalid, "test", "no")
	if _, err := b.Change(t.Context(), b.in, first.ID, b.basis(3), func(e expense.Expense) (expense.Expense, error) {
		return e, refused
	}); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	if got := history(expense.HistoryQuery{Limit: 10}); len(got) != 3 {
		t.Errorf("a refused change is in the history: %+v", got)
	}
	if _, err := b.rename(t, second.Category.ID, "home"); err != nil {
		t.Fatal(err)
	}
	if got := history(expense.HistoryQuery{Limit: 1}); got[0].Category.Name != "home" {
		t.Errorf("a renamed category is shown as %q", got[0].Category.Name)
	}
}
