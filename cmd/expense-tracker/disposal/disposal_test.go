package disposal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
)

// Two instances share a file. What was deleted stays to the end of its thirtieth day, and then each of it is taken once.
func TestTwoInstancesEmptyABin(t *testing.T) {
	const many = 250 // more than a batch
	path := t.TempDir() + "/expenses.db"
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	actor := ledgertest.Owner()
	services := make([]*expense.Service, 2)
	var members *member.Service
	var ledgers ledger.Store
	for i := range services {
		db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if _, err := db.Ledgers().Define(t.Context(), actor.Ledger); err != nil {
			t.Fatal(err)
		}
		ledgers, members = db.Ledgers(), member.NewService(db.Members(), member.Settings{})
		services[i] = expense.NewService(db.Expenses(), expense.Settings{Now: func() time.Time { return now }, PageSize: 5})
	}
	draft := func(i int) expense.Draft {
		return expense.Draft{Category: "food", Price: "1", Note: "n", Key: string(idempotency.Key(fmt.Sprint("key-", i)))}
	}
	for i := range many {
		receipt, err := services[0].Add(t.Context(), actor, draft(i))
		if err == nil {
			_, err = services[0].Delete(t.Context(), actor, receipt.Expense.ID, receipt.Expense.Seen())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	look := func() {
		var stops []func()
		for _, s := range services {
			quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
			stops = append(stops, Job{Expenses: s, Members: members, Ledgers: ledgers, Logger: quiet}.Start(t.Context()))
		}
		await(t, func() bool {
			page, err := services[0].Bin(t.Context(), actor, nil, nil)
			return err == nil && (len(page.Expenses) == 0 || now.Day() != 2)
		})
		for _, stop := range stops {
			stop()
		}
	}
	now = time.Date(2026, 12, 1, 23, 59, 59, 0, time.UTC)
	look()
	if page, err := services[0].Bin(t.Context(), actor, nil, nil); err != nil || len(page.Expenses) != 5 || page.Older == nil {
		t.Errorf("on the last day the bin has %d, %v", len(page.Expenses), err)
	}
	now = now.Add(time.Second)
	look()
	for i := range many {
		receipt, err := services[i%2].Add(t.Context(), actor, draft(i))
		if err != nil || !receipt.Duplicate || !receipt.Expense.Gone {
			t.Fatalf("added again: %+v, %v", receipt, err)
		}
		if _, err := services[1].Get(t.Context(), actor, receipt.Expense.ID); !errors.Is(err, fault.NotFound) {
			t.Fatalf("get: %v, want NotFound", err)
		}
	}
}

func await(t *testing.T, met func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !met(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the bin is not empty after a minute")
		}
	}
}

// Behind the wall, where PostgreSQL shows one ledger's rows at a time, the bin of each ledger is emptied, and nothing else goes.
func TestTheBinsOfAllLedgersAreEmptiedBehindTheWall(t *testing.T) {
	owner := postgrestest.Start(t)
	serving, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	serving.User = url.UserPassword("expense_disposing", "only-for-tests")
	db, err := postgres.Open(t.Context(), serving.String(), postgres.Options{Owner: postgres.Owner{URL: owner}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if !db.HasWall() {
		t.Fatal("there is no wall")
	}
	const ledgers, each = 3, 120 // more than a batch
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	s := expense.NewService(db.Expenses(), expense.Settings{Now: func() time.Time { return now }, PageSize: 5})
	var actors []ledger.Actor
	for n := range ledgers {
		actor := ledgertest.Owner()
		actor.Ledger.ID = ledger.ID(n + 1)
		if _, err := db.Ledgers().Define(t.Context(), actor.Ledger); err != nil {
			t.Fatal(err)
		}
		actors = append(actors, actor)
		for i := range each + 1 {
			receipt, err := s.Add(t.Context(), actor, expense.Draft{Category: "food", Price: "1", Key: fmt.Sprint("key-", i)})
			if err == nil && i > 0 {
				_, err = s.Delete(t.Context(), actor, receipt.Expense.ID, receipt.Expense.Seen())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	now = now.AddDate(0, 0, expense.BinDays+1)
	var log bytes.Buffer
	late := ledgertest.Owner()
	late.Ledger.ID = ledgers + 1
	addToErased(t, db, s, late)
	stop := Job{
		Expenses: s, Members: member.NewService(db.Members(), member.Settings{}), Ledgers: db.Ledgers(),
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
	}.Start(t.Context())
	await(t, func() bool {
		page, err := s.Bin(t.Context(), actors[ledgers-1], nil, nil)
		_, gone := s.CategoryNamed(t.Context(), late, "late")
		return err == nil && len(page.Expenses) == 0 && errors.Is(gone, fault.Invalid) // so late is none
	})
	stop()
	if want := fmt.Sprintf("expenses=%d", ledgers*each); !strings.Contains(log.String(), want) || strings.Contains(log.String(), "WARN") ||
		!strings.Contains(log.String(), "ledgers=1") {
		t.Errorf("the log says %s, want %s", log.String(), want)
	}
	for _, actor := range actors {
		page, err := s.Bin(t.Context(), actor, nil, nil)
		if err != nil || len(page.Expenses) != 0 {
			t.Errorf("ledger %d: in the bin are %d, %v", actor.Ledger.ID, len(page.Expenses), err)
		}
		if different, err := db.ExpenseAuditor().Audit(t.Context(), actor.Ledger.ID, false); err != nil || len(different) > 0 {
			t.Errorf("ledger %d: %+v, %v", actor.Ledger.ID, different, err)
		}
	}
	if n, err := db.ExpenseCounter().CountExpenses(t.Context()); err != nil || n != ledgers {
		t.Errorf("%d expenses are left, %v, want %d", n, err, ledgers)
	}
}

// addToErased adds to a ledger that was erased just now, as a request does that was let in before.
func addToErased(t *testing.T, db *postgres.DB, s *expense.Service, actor ledger.Actor) {
	t.Helper()
	ctx, in, members := t.Context(), actor.Ledger.ID, db.Members()
	_, err := db.Ledgers().Define(ctx, actor.Ledger)
	err = errors.Join(err, members.Change(ctx, in, func([]member.Member) (member.Step, error) {
		return member.Request{Maker: actor.User}.FirstStep(actor.Ledger), nil
	}), members.Erase(ctx, in, actor.User))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(ctx, actor, expense.Draft{Category: "late", Price: "1", Key: "late"}); err != nil {
		t.Fatal(err)
	}
}
