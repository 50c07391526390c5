package expense_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Somebody changes dates while a long result is handed over: each expense comes once all the same, and none is left out.
func TestEachFoundHandsOverOnceWhatMovesMeanwhile(t *testing.T) {
	s := newService(t)
	const many = 2*expense.SearchBatch + 500
	var ids []expense.ID // oldest first
	for i := range many {
		receipt, err := s.Add(t.Context(), owner, expense.Draft{
			Category: "food", Price: "1", Date: fmt.Sprintf("2025-%02d-%02d", 1+i*12/many, 1+i%28), Key: fmt.Sprint("key-", i),
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, receipt.Expense.ID)
	}
	move := func(id expense.ID, date string) {
		t.Helper()
		e, err := s.Get(t.Context(), owner, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Edit(t.Context(), owner, id, e.Seen(), expense.Draft{Category: "food", Price: "1", Date: date}); err != nil {
			t.Fatal(err)
		}
	}
	old, gone := ids[0], ids[1]
	seen, batches := map[expense.ID]int{}, 0
	var last expense.ID
	err := s.EachFound(t.Context(), owner, expense.SearchDraft{Categories: []string{"food"}}, func(batch []expense.Expense) error {
		for _, e := range batch {
			seen[e.ID]++
			last = e.ID
		}
		if batches++; batches == 1 {
			move(batch[0].ID, "2024-01-01") // behind what is still to come
			move(old, "2026-01-01")         // before what has come already
			move(gone, "2026-01-02")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if seen[id] != 1 {
			t.Errorf("expense %d came %d times", id, seen[id])
		}
	}
	if len(seen) != many || last != old {
		t.Errorf("%d expenses, the last of them %d; want %d, and %d", len(seen), last, many, old)
	}
}

// slow is a storage whose searches fail.
type slow struct {
	expense.Store
	err error
}

func (s slow) Search(context.Context, ledger.ID, expense.SearchQuery) (expense.Found, error) {
	return expense.Found{}, s.err
}

// A search of too much is not a storage that is away: what helps is said. What the storage says of itself is left alone.
func TestASearchThatTakesTooLongSaysWhatHelps(t *testing.T) {
	unavailable := func(message fault.Phrase, err error) error {
		return &fault.Error{Kind: fault.Unavailable, Op: "sqlexpense.Search", Message: fault.Say(message), Err: fmt.Errorf("sums: %w", err)}
	}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{unavailable("", context.DeadlineExceeded), "the search took too long; try again, or narrow it"},
		{unavailable("the disk is full", context.DeadlineExceeded), "the disk is full"},
		{unavailable("", context.Canceled), ""},
	} {
		s := expense.NewService(slow{memory.New().Expenses(), tt.err}, expense.Settings{Now: time.Now, PageSize: 3})
		_, err := s.Search(t.Context(), owner, expense.SearchDraft{Query: "a"}, expense.SearchPlace{})
		var f *fault.Error
		if !errors.Is(err, fault.Unavailable) || !errors.As(err, &f) || !strings.HasPrefix(f.Message.String(), tt.want) ||
			(f.Message.String() == "") != (tt.want == "") {
			t.Errorf("%v becomes %v, want %q", tt.err, err, tt.want)
		}
	}
}

// adding is a storage whose sums are larger than can be kept.
type adding struct{ slow }

func (a adding) Report(context.Context, ledger.ID, expense.ReportQuery) (expense.Report, error) {
	return expense.Report{}, a.err
}

// What was only asked for is no price that somebody has typed: what helps is said.
func TestASumBeyondRoomSaysWhatHelps(t *testing.T) {
	for _, beyond := range []error{
		fmt.Errorf("sums: %w", money.ErrOverflow), expense.TotalOverflow("sqlexpense.Report", errors.New("integer overflow")),
	} {
		storage := adding{slow{memory.New().Expenses(), beyond}}
		s := expense.NewService(storage, expense.Settings{Now: time.Now, PageSize: 3})
		_, searched := s.Search(t.Context(), owner, expense.SearchDraft{Query: "a"}, expense.SearchPlace{})
		_, reported := s.YearReport(t.Context(), owner, 2026)
		for what, err := range map[string]error{"a search": searched, "a year": reported} {
			said := fault.TextOf(err).String()
			if !errors.Is(err, fault.Invalid) || len(fault.ViolationsOf(err)) > 0 || !strings.Contains(said, "less at a time") {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
}
