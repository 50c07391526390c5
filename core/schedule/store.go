package schedule

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// Store is the port to where schedules are kept. Adapters implement it and are held to the contract in scheduletest.
//
// Every method is atomic, belongs to one ledger and sees no other; the caller has checked that the actor may do it. What it has
// answered is durable, and every later call sees it, on any instance. Each change gives the ledger a new State. Errors are faults;
// Unavailable means that the storage did not answer: what it was to do may be repeated.
type Store interface {
	// Create stores an entry, once for its key, and returns it with ID and revision. A key that is known returns what it
	// stored, as it is now; with another fingerprint it is a Conflict. So is one more than MaxLive that have not ended.
	Create(ctx context.Context, in ledger.ID, entry Entry) (Schedule, error)
	// Get returns a schedule, or NotFound.
	Get(ctx context.Context, in ledger.ID, id ID) (Schedule, error)
	// List returns the schedules that a query asks for, in its order.
	List(ctx context.Context, in ledger.ID, query Query) ([]Schedule, error)
	// Change hands a schedule at the revision that basis names to revise, and stores what that returns as the next revision, which
	// Change returns. The storage calls revise again if it has to start over. An error of revise ends the change and is returned
	// as it is. At another revision it is a Conflict, unless the step from the basis was made by this very change:
	// then it returns the schedule as it is now. One more than MaxLive that have not ended is a Conflict.
	Change(ctx context.Context, in ledger.ID, id ID, basis revision.Basis, revise func(Schedule) (Schedule, error)) (Schedule, error)
	// Advance hands a schedule as it is now to move, and stores the progress that this returns, in the same revision. Progress
	// that moved on meanwhile is handed in: move looks at it. The same progress is no change.
	Advance(ctx context.Context, in ledger.ID, id ID, move func(Schedule) Progress) (Schedule, error)
	ledger.StateStore
}

// Query asks for some of a ledger's schedules.
type Query struct {
	DueBy civil.Date // those whose next date is this day or earlier, by that date; zero for any
	Ended bool       // those that have ended, the newest ID first; otherwise those that have not, the oldest first
	Limit int
}

// Expenses is the port to what keeps expenses, as far as this module needs it. Their module fulfils it.
type Expenses interface {
	// Check understands what somebody typed, and stores nothing. It is Invalid at every field that is wrong.
	// Who pays so far may go on to, whether they are still in the ledger or not; where nothing is typed of it they do.
	Check(ctx context.Context, actor ledger.Actor, typed Typed, payer ledger.UserID) (Spending, error)
	// Make stores expenses, each once for its key, and returns the outcome of each. Those of a key that has stored another
	// content, or whose expense was deleted, are made as well.
	Make(ctx context.Context, actor ledger.Actor, spending Spending, progress Progress, due []Making) []Made
}

// Typed is a spending as somebody typed it.
type Typed struct {
	Category, Price, Currency, Payee, Note, Tags string
	Refund                                       bool
	PaidBy                                       *string // who pays; nil leaves it as it is
}

// Making is an expense that is to be made.
type Making struct {
	Key idempotency.Key
	Occurrence
}

// Made is the outcome of a Making: the expense, or an error.
type Made struct {
	Expense  int64 // its ID; 0 where a key had stored another content
	Category int64 // ID of its category
	IsNew    bool  // it was not there before
	Err      error
}

// The faults that storages have in common.

// NoSuchSchedule is the error for a schedule that the ledger does not have.
func NoSuchSchedule(op string) error { return fault.New(fault.NotFound, op, "there is no such repeat") }

// Stale is the error for a change of a schedule that is not at the revision any more that the change names.
func Stale(op string) error {
	return fault.New(fault.Conflict, op, "this repeat was changed since you opened it")
}

// KeyReused is the error for a creation whose key stored something else before.
func KeyReused(op string) error {
	return fault.New(fault.Conflict, op, "this form was already used to add another repeat")
}

// TooMany is the error for one more than MaxLive that have not ended.
func TooMany(op string) error {
	return fault.New(fault.Conflict, op, "there can be %d repeats that have not ended; end one of them first", MaxLive)
}
