// Package erasetest tests that nothing of a ledger is left in a database of SQL when it was erased, whichever module wrote it.
package erasetest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/adapters/internal/sqlledger"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
	"expense-tracker/core/money"
)

// Database is an open database, with what asks it past the storage.
type Database struct {
	Expenses expense.Store
	Members  member.Storage
	Ledgers  ledger.Store
	Execute  func(t *testing.T, statements string)
	Count    func(t *testing.T, query string) int64
	Tables   []string // that have a column ledger_id
}

// stays are the tables of which rows stay: who was a member, and which request made a ledger.
func stays() []string { return []string{"ledger_made", "member"} }

// many is more rows than go in one transaction.
const many = 12_000

// TestNothingIsLeft erases one of two ledgers.
func TestNothingIsLeft(t *testing.T, db Database) {
	const anna, kept, gone ledger.UserID = 1, 1, 7
	ctx := t.Context()
	for _, name := range db.Tables {
		if !slices.Contains(stays(), name) && !slices.Contains(sqlledger.Erased(), name) {
			t.Errorf("rows of the table %s would outlive their ledger: name it in sqlledger", name)
		}
	}
	for _, id := range []ledger.ID{ledger.ID(kept), ledger.ID(gone)} {
		if _, err := db.Ledgers.Define(ctx, ledgertest.Ledger(id)); err != nil {
			t.Fatal(err)
		}
		for n := range 40 {
			if _, err := db.Expenses.Add(ctx, id, entry(id, n)); err != nil {
				t.Fatal(err)
			}
		}
		err := db.Members.Change(ctx, id, func([]member.Member) (member.Step, error) {
			return member.Step{Member: member.Member{User: anna, Role: ledger.Owner}, Event: member.Event{Kind: member.Created, By: anna}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	db.Execute(t, fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO ledger_event (ledger_id, id, at, kind, by_user, of_user, role, said)
		SELECT %d, i, 0, 'described', 1, 0, 0, '' FROM n`, many, gone))
	db.Execute(t, fmt.Sprintf(`UPDATE category SET merged_into = 1, name_key = NULL WHERE ledger_id = %d AND id > 3`, gone))
	count := func(table string, id ledger.UserID) int64 {
		return db.Count(t, fmt.Sprintf(`SELECT count(*) FROM %s WHERE ledger_id = %d`, table, id))
	}
	if n := count("ledger_event", gone); n != many {
		t.Fatalf("%d lines are in the log: this test shows nothing", n)
	}
	before := map[string]int64{}
	for _, name := range db.Tables {
		before[name] = count(name, kept)
	}
	late := addWhile(t, db, ledger.ID(gone), func() {
		if err := db.Members.Erase(ctx, ledger.ID(gone), anna); err != nil {
			t.Fatal(err)
		}
	})
	if n := count("expense_entry", gone); n < late { // and those that came just when it ended
		t.Errorf("%d adds came late, and %d rows are there", late, n)
	}
	if n, err := db.Members.Sweep(ctx); n != 1 || err != nil {
		t.Errorf("%d ledgers are swept, %v", n, err)
	}
	for _, name := range db.Tables {
		if n := count(name, gone); n != 0 && !slices.Contains(stays(), name) {
			t.Errorf("of the erased ledger %d rows are left in %s", n, name)
		}
		if n := count(name, kept); n != before[name] {
			t.Errorf("of the other ledger %d rows are in %s, and there were %d", n, name, before[name])
		}
	}
}

func entry(in ledger.ID, n int) expense.Entry {
	return expense.Entry{
		Key: idempotency.Key(fmt.Sprint("key ", n)), Fingerprint: idempotency.Fingerprint{byte(n)},
		Date: civil.Date{Year: 2026, Month: time.November, Day: n%28 + 1}, Category: expense.CategoryName(fmt.Sprint("c", n%5)),
		Price: money.FromMinor(int64(n+1), ledgertest.Ledger(in).Currency), Note: "a note", AddedBy: 1,
	}
}

// addWhile adds without a pause, as who was let in before the ledger is erased, until a few adds came after that. It returns how many did.
func addWhile(t *testing.T, db Database, in ledger.ID, erase func()) (late int64) {
	t.Helper()
	var erased atomic.Bool
	var came atomic.Int64
	var adders sync.WaitGroup
	for adder := range 4 {
		adders.Go(func() {
			for n := 0; came.Load() < 20; n++ {
				isLate := erased.Load()
				if _, err := db.Expenses.Add(t.Context(), in, entry(in, 1000+4*n+adder)); err != nil {
					t.Error(err)
					return
				}
				if isLate {
					came.Add(1)
				}
			}
		})
	}
	erase()
	erased.Store(true)
	adders.Wait()
	return came.Load()
}
