package expense_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger/ledgertest"
)

// lineService returns a service on a day that the test moves.
func lineService(now *time.Time) *expense.Service {
	return expense.NewService(memory.New().Expenses(), expense.Settings{
		PageSize: 3, Now: func() time.Time { return *now }, NewKey: func() idempotency.Key { return "made" },
	})
}

func TestALineFillsWhatADraftLeavesOpen(t *testing.T) {
	now := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	s, owner := lineService(&now), ledgertest.Owner()
	addAs(t, s, owner, expense.Draft{Category: "Eating out", Price: "9", Note: "Lunch alone", Key: "0"})
	for i, tt := range []struct {
		draft expense.Draft
		want  string
	}{
		{expense.Draft{Line: "12.50 lunch with Ana yesterday #work"}, "Eating out|12.50 USD|2026-11-24|lunch with Ana|work"},
		{expense.Draft{Line: "5 € eating out", Date: "2026-11-25", Currency: "usd"}, "Eating out|5.00 EUR|2026-11-25||"},
		{expense.Draft{Line: "5 eating out", Currency: "EUR"}, "Eating out|5.00 EUR|2026-11-25||"},
		{expense.Draft{Line: "5 lunch yesterday", Price: "7", Category: "tea", Date: "2026-11-03"}, "tea|7.00 USD|2026-11-03|5 lunch yesterday|"},
		{expense.Draft{Line: "5 tea #b", Note: "typed", Tags: "#a"}, "tea|5.00 USD|2026-11-25|typed|a b"},
		{expense.Draft{Line: "5 tea with Bob", Note: "typed"}, "tea|5.00 USD|2026-11-25|typed\nwith Bob|"},
		{expense.Draft{Line: "5 tea 3.11."}, "tea|5.00 USD|2026-11-03||"},
	} {
		tt.draft.Key = string(rune('a' + i))
		e := addAs(t, s, owner, tt.draft)
		got := strings.Join([]string{string(e.Category.Name), e.Price.String(), e.Date.String(), e.Note, string(e.Tags)}, "|")
		if got != tt.want {
			t.Errorf("%+v\nadded %q, want %q", tt.draft, got, tt.want)
		}
	}
}

func TestALineThatIsWrongIsSaidAtTheLine(t *testing.T) {
	now := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	s, owner := lineService(&now), ledgertest.Owner()
	addAs(t, s, owner, expense.Draft{Category: "tea", Price: "9", Key: "0"})
	for _, tt := range []struct {
		draft          expense.Draft
		field, because string
	}{
		{expense.Draft{Line: "tea"}, "line", "enter a price"},
		{expense.Draft{Line: "1,234 tea"}, "line", "write 1234"},
		{expense.Draft{Line: "-5 tea"}, "line", "Refund"},
		{expense.Draft{Line: "5 $ tea", Currency: "EUR"}, "line", "this says $, but the currency is EUR"},
		{expense.Draft{Line: "5 tea 1066-10-14"}, "line", "enter a date from 1900"},
		{expense.Draft{Line: "5 tea #" + strings.Repeat("x", 31)}, "line", "a tag has at most"},
		{expense.Draft{Line: "5 tea\x00"}, "line", "control characters"},
		{expense.Draft{Line: "5 tea \xff"}, "line", "not valid text"},
		{expense.Draft{Line: "5 tea " + strings.Repeat("x", 500)}, "line", "a line has at most 500 characters"},
		{expense.Draft{Line: "5 something new"}, "category", "enter a category"},
		{expense.Draft{Line: "lunch", Price: "abc", Category: "tea"}, "price", "not a number"},
	} {
		_, err := s.Add(t.Context(), owner, tt.draft)
		got := fault.ViolationsOf(err)
		if len(got) != 1 || got[0].Field != tt.field || !strings.Contains(got[0].Message.String(), tt.because) {
			t.Errorf("%+v: %v, want %q at %s", tt.draft, err, tt.because, tt.field)
		}
	}
}

// What a line means changes with the day and the ledger. A repeat of the form is a repeat all the same.
func TestALineThatIsSentAgainIsStoredOnce(t *testing.T) {
	now := time.Date(2026, time.November, 25, 23, 59, 0, 0, time.UTC)
	s, owner := lineService(&now), ledgertest.Owner()
	draft := expense.Draft{Line: "5 lunch yesterday", Category: "tea", Key: "mine"}
	first := addAs(t, s, owner, draft)
	now = now.Add(time.Hour)
	again, err := s.Add(t.Context(), owner, draft)
	if err != nil || !again.Duplicate || again.Expense.ID != first.ID || again.Expense.Date.String() != "2026-11-24" {
		t.Errorf("sent again: %+v, %v", again, err)
	}
	draft.Line = "6 lunch yesterday"
	if _, err := s.Add(t.Context(), owner, draft); !errors.Is(err, fault.Conflict) {
		t.Errorf("another line with the key: %v, want a Conflict", err)
	}
}
