package observability_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
	"expense-tracker/observability"
)

const operations = "expense_store_operation_duration_seconds"

func entryOf(t *testing.T, key idempotency.Key, category, price string) expense.Entry {
	t.Helper()
	currency, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	amount, err := money.ParsePrice(price, currency)
	if err != nil {
		t.Fatal(err)
	}
	name, err := expense.ParseCategoryName(category)
	if err != nil {
		t.Fatal(err)
	}
	return expense.Entry{
		Key: key, Category: name, Price: amount, CreatedAt: time.Now(),
		Date: civil.DateOf(time.Date(2026, time.March, 4, 0, 0, 0, 0, time.UTC)),
	}
}

// counted is a store that counts its own entries.
type counted interface {
	expense.Store
	expense.Counter
}

func measuredStore(t *testing.T, next counted) (expense.Store, *observability.Telemetry) {
	t.Helper()
	telemetry := newTelemetry(t, observability.Options{})
	store, err := telemetry.Store(next, next)
	if err != nil {
		t.Fatal(err)
	}
	return store, telemetry
}

// A measured storage keeps every promise of the one that is measured.
func TestMeasuredStoreKeepsTheContract(t *testing.T) {
	expensetest.TestStore(t, func(t *testing.T) expensetest.Store {
		plain := expensetest.StoreOf(memory.New())
		store, _ := measuredStore(t, plain)
		return struct {
			expense.Store
			expense.Counter
			expense.Auditor
		}{store, plain, plain}
	})
}

func TestStoreMeasuresEveryMethod(t *testing.T) {
	store, telemetry := measuredStore(t, expensetest.StoreOf(memory.New()))
	ctx, in := t.Context(), ledger.Default
	keep := func(e expense.Expense) (expense.Expense, error) { return e, nil }

	receipt, err := store.Add(ctx, in, entryOf(t, "a", "food", "0.10"))
	_, errAll := store.AddAll(ctx, in, []expense.Entry{entryOf(t, "b", "rent", "0.20")})
	_, errGet := store.Get(ctx, in, receipt.Expense.ID)
	_, errChange := store.Change(ctx, in, receipt.Expense.ID, revision.Basis{Revision: 1}, keep)
	listed, errList := store.List(ctx, in, expense.ListQuery{Limit: 10})
	_, errState := store.State(ctx, in)
	_, errOverview := store.Overview(ctx, in, expense.OverviewQuery{Newest: 10})
	entries := scrape(t, telemetry).values("expense_entries")[""]
	categories, errCategories := store.ListCategories(ctx, in, "", 10)
	_, errCategory := store.GetCategory(ctx, in, receipt.Expense.Category.ID)
	_, errRename := store.RenameCategory(ctx, in, receipt.Expense.Category.ID, revision.Basis{Revision: 1}, "meals")
	_, errMerge := store.MergeCategory(ctx, in, categories[0].Category.ID, revision.Basis{Revision: 2}, categories[1].Category.ID)
	if err := errors.Join(err, errAll, errGet, errChange, errList, errState, errOverview, errCategories,
		errCategory, errRename, errMerge); err != nil {
		t.Fatal(err)
	}
	if len(listed) != 2 || entries != 2 {
		t.Errorf("answers were changed: %v, %v", listed, entries)
	}

	want := make([]string, 0, 12)
	for _, operation := range []string{
		"add", "add_all", "change", "entries", "get", "get_category", "list", "list_categories",
		"merge_category", "overview", "rename_category", "state",
	} {
		want = append(want, fmt.Sprintf("operation=%q,outcome=\"ok\"", operation))
	}
	if got := slices.Sorted(maps.Keys(scrape(t, telemetry).values(operations))); !slices.Equal(got, want) {
		t.Errorf("measured %q, want %q", got, want)
	}
}

// A change's own error passes through the storage as it is, so every kind can be made with a real one.
func TestStoreTellsOutcomesByTheFault(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{fault.New(fault.Invalid, "op", ""), "invalid"},
		{fault.New(fault.NotFound, "op", ""), "not_found"},
		{fmt.Errorf("wrapped: %w", fault.New(fault.Conflict, "op", "")), "conflict"},
		{fault.New(fault.Unavailable, "op", ""), "unavailable"},
		{fault.Wrap(fault.Unavailable, "op", context.DeadlineExceeded), "unavailable"},
		{fault.Wrap(fault.Unavailable, "op", context.Canceled), "canceled"},
		{fault.New(fault.Internal, "op", ""), "error"},
		{fault.New(fault.Forbidden, "op", ""), "error"},
		{fault.New(fault.Unauthenticated, "op", ""), "error"},
		{errors.New("bug"), "error"},
	} {
		t.Run(test.err.Error(), func(t *testing.T) {
			store, telemetry := measuredStore(t, expensetest.StoreOf(memory.New()))
			receipt, err := store.Add(t.Context(), ledger.Default, entryOf(t, "a", "food", "1"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = store.Change(t.Context(), ledger.Default, receipt.Expense.ID, revision.Basis{Revision: 1},
				func(expense.Expense) (expense.Expense, error) { return expense.Expense{}, test.err })
			if err != test.err { //nolint:errorlint // the very error has to come through
				t.Errorf("the error became %v", err)
			}
			label := fmt.Sprintf("operation=\"change\",outcome=%q", test.want)
			if got := scrape(t, telemetry).values(operations)[label]; got != 1 {
				t.Errorf("%s counted %v, want 1", label, got)
			}
		})
	}
}

// unreadable is a store whose count can be made to fail, and says how often it was asked.
type unreadable struct {
	expensetest.Store
	asked int
	err   error
}

func (u *unreadable) CountExpenses(ctx context.Context) (int64, error) {
	u.asked++
	if u.err != nil {
		return 0, u.err
	}
	return u.Store.CountExpenses(ctx)
}

func TestEntriesAreReadAtMostOnceASecondAndAreAbsentWithoutAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := &unreadable{Store: expensetest.StoreOf(memory.New())}
		store, telemetry := measuredStore(t, next)
		if _, err := store.Add(t.Context(), ledger.Default, entryOf(t, "a", "food", "1")); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			if got := scrape(t, telemetry).values("expense_entries")[""]; got != 1 {
				t.Fatalf("%v entries, want 1", got)
			}
		}
		if next.asked != 1 {
			t.Errorf("the storage was asked %d times in one moment", next.asked)
		}
		next.err = fault.New(fault.Unavailable, "op", "away")
		time.Sleep(time.Second)
		if scraped := scrape(t, telemetry); scraped["expense_entries"] != nil || scraped["expense_submissions_total"] == nil {
			t.Error("without an answer entries must be absent, and nothing else")
		}
		next.err = nil
		time.Sleep(time.Second)
		if got := scrape(t, telemetry).values("expense_entries")[""]; got != 1 {
			t.Errorf("%v entries after the storage came back, want 1", got)
		}
	})
}
