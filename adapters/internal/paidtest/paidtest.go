// Package paidtest holds a storage to who can have paid, and to what each has paid, whichever version changed the rows. Only tests import
// it.
package paidtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// Database is an open storage.
type Database interface {
	Expenses() expense.Store
	ExpenseAuditor() expense.Auditor
	Members() member.Storage
	Ledgers() ledger.Store
}

// The people of the tests. Cyd is in a ledger of her own.
const (
	ada ledger.UserID = iota + 1
	bob
	cyd
)

// company is the port expense.Payers on a storage.
type company struct{ members *member.Service }

func (c company) Payers(ctx context.Context, actor ledger.Actor) ([]expense.Payer, error) {
	members, err := c.members.Members(ctx, actor)
	all := make([]expense.Payer, len(members))
	for i, m := range members {
		all[i] = expense.Payer{User: m.User, Name: map[ledger.UserID]string{ada: "Ada", bob: "Bob", cyd: "Cyd"}[m.User]}
	}
	return all, err
}

type house struct {
	t        *testing.T
	db       Database
	expenses *expense.Service
	members  *member.Service
	ada      ledger.Actor
}

func newHouse(t *testing.T, db Database) *house {
	t.Helper()
	var keys int
	newKey := func() idempotency.Key { keys++; return idempotency.Key(fmt.Sprint("key-", keys)) }
	h := &house{t: t, db: db, members: member.NewService(db.Members(), member.Settings{
		Now: time.Now, NewKey: newKey, PageSize: 5, Random: func(b []byte) { keys++; copy(b, fmt.Sprint(keys)) },
	})}
	h.expenses = expense.NewService(db.Expenses(), expense.Settings{
		Now: time.Now, NewKey: newKey, PageSize: 5, Payers: company{h.members},
	})
	h.ada = h.own(ada)
	_, token, err := h.members.Invite(t.Context(), h.ada, member.InviteDraft{Role: "editor"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.members.Accept(t.Context(), bob, token.Text()); err != nil {
		t.Fatal(err)
	}
	return h
}

// own makes a ledger of a user's own.
func (h *house) own(user ledger.UserID) ledger.Actor {
	h.t.Helper()
	made, err := h.members.Create(h.t.Context(), user, fmt.Sprint("ledger-of-", user), member.Draft{Name: "own", Currency: "USD"})
	if err != nil {
		h.t.Fatal(err)
	}
	return made.Actor()
}

func (h *house) add(actor ledger.Actor, payer string) (expense.Expense, error) {
	receipt, err := h.expenses.Add(h.t.Context(), actor, expense.Draft{Category: "food", Price: "1", Date: "2026-11-23", PaidBy: &payer})
	return receipt.Expense, err
}

// wantPaid checks what each has paid, and every total of payers.
func (h *house) wantPaid(actor ledger.Actor, want string) {
	h.t.Helper()
	report, err := h.expenses.YearReport(h.t.Context(), actor, 2026)
	if err != nil {
		h.t.Fatal(err)
	}
	got := ""
	for _, p := range report.Paid {
		got += fmt.Sprintf("%d: %s (%d) ", p.Payer, p.Amount, p.Count)
	}
	if got != want {
		h.t.Errorf("paid was %q, want %q", got, want)
	}
	differences, err := h.db.ExpenseAuditor().Audit(h.t.Context(), actor.Ledger.ID, false)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, d := range differences {
		if d.Key.Payer != 0 {
			h.t.Errorf("what user %d has paid is kept as %+v and should be %+v", d.Key.Payer, d.Stored, d.Actual)
		}
	}
}

// TestPayersOfALedger lets nobody pay but the members of a ledger: a member of another one is refused like who is nowhere, and nothing is
// changed. Who has left stays on the rows.
func TestPayersOfALedger(t *testing.T, db Database) {
	h := newHouse(t, db)
	others := h.own(cyd)
	if _, err := h.add(others, "#3"); err != nil {
		t.Fatal(err)
	}
	e, err := h.add(h.ada, "bob")
	if err != nil || e.PaidBy != bob {
		t.Fatalf("%+v, %v", e, err)
	}
	before, err := h.expenses.State(t.Context(), h.ada)
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{"#3", "Cyd", "#4", "Mallory"} {
		if _, err := h.add(h.ada, typed); !errors.Is(err, fault.Invalid) || fault.ViolationsOf(err)[0].Field != expense.FieldPaidBy {
			t.Errorf("an add paid by %s: %v", typed, err)
		}
		draft := expense.Draft{Category: "food", Price: "1", Date: "2026-11-23", PaidBy: &typed}
		if _, err := h.expenses.Edit(t.Context(), h.ada, e.ID, e.Seen(), draft); !errors.Is(err, fault.Invalid) {
			t.Errorf("an edit to %s: %v", typed, err)
		}
		pick := []expense.Pick{{ID: e.ID, Saw: e.Seen()}}
		if _, err := h.expenses.EditSeveral(t.Context(), h.ada, pick, expense.SeveralDraft{PaidBy: typed}); !errors.Is(err, fault.Invalid) {
			t.Errorf("several to %s: %v", typed, err)
		}
		if _, err := h.expenses.Edit(t.Context(), others, e.ID, e.Seen(), draft); err == nil {
			t.Errorf("an expense of another ledger got %s", typed)
		}
	}
	if after, err := h.expenses.State(t.Context(), h.ada); err != nil || after != before {
		t.Errorf("the ledger's state went from %v to %v, %v", before, after, err)
	}
	found, err := h.expenses.Search(t.Context(), h.ada, expense.SearchDraft{PaidBy: "#3"}, expense.SearchPlace{})
	if err != nil || found.Count() != 0 {
		t.Errorf("of another ledger's member %d expenses were found, %v", found.Count(), err)
	}
	if err := h.members.Remove(t.Context(), h.ada, bob); err != nil {
		t.Fatal(err)
	}
	stays := "#2"
	draft := expense.Draft{Category: "food", Price: "2", Date: "2026-11-23", PaidBy: &stays}
	if edited, err := h.expenses.Edit(t.Context(), h.ada, e.ID, e.Seen(), draft); err != nil || edited.PaidBy != bob {
		t.Errorf("an edit of what one has paid who has left: %+v, %v", edited, err)
	}
	if _, err := h.add(h.ada, "bob"); !errors.Is(err, fault.Invalid) {
		t.Errorf("a new one by who has left: %v", err)
	}
	h.wantPaid(h.ada, "2: 2.00 USD (1) ")
	h.wantPaid(others, "3: 1.00 USD (1) ")
}

// TestOlderVersionsMoveWhatWasPaid changes rows as an instance of the version before does, which knows nothing of payers. Price writes an
// amount of US dollars, in cents, as the table keeps it.
func TestOlderVersionsMoveWhatWasPaid(t *testing.T, db Database, execute func(t *testing.T, statements string), price func(int64) string) {
	h := newHouse(t, db)
	e, err := h.add(h.ada, "#2")
	if err != nil {
		t.Fatal(err)
	}
	h.wantPaid(h.ada, "2: 1.00 USD (1) ")
	for _, tt := range []struct{ set, want string }{
		{"note = 'n'", "2: 1.00 USD (1) "},
		{"price = " + price(250), "2: 2.50 USD (1) "},
		{"spent_on = '2025-01-31', price = " + price(-300), ""},
		{"spent_on = '2026-01-31'", "2: -3.00 USD (1) "},
		{"deleted = TRUE", ""},
		{"price = " + price(100), ""},
		{"deleted = FALSE", "2: 1.00 USD (1) "},
	} {
		execute(t, fmt.Sprintf("UPDATE expense_entry SET %s, revision = revision + 1 WHERE id = %d", tt.set, e.ID))
		t.Log(tt.set)
		h.wantPaid(h.ada, tt.want)
	}
	execute(t, "UPDATE expense_paid SET minor = minor + 7")
	differences, err := db.ExpenseAuditor().Audit(t.Context(), h.ada.Ledger.ID, true)
	if err != nil {
		t.Fatal(err)
	}
	isFound := false
	for _, d := range differences {
		isFound = isFound || d.Key.Payer == bob && d.Stored == expense.Sum{Count: 1, Minor: 107} && d.Actual == expense.Sum{Count: 1, Minor: 100}
	}
	if !isFound {
		t.Errorf("an audit found %+v", differences)
	}
	h.wantPaid(h.ada, "2: 1.00 USD (1) ")
}
