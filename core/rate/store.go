package rate

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Store is the port to where rates are kept. Adapters implement it and are held to the contract in ratetest.
//
// Every method is atomic, belongs to one ledger and sees no other; the caller has checked that the actor may do it. What a method has
// answered is durable and is seen by every later call, on any instance. Each change gives the ledger a new State in the same
// transaction. Errors are faults: NotFound for a missing rate, Conflict, and Unavailable when the storage did not answer; the outcome
// of an unavailable change is unknown, and it may be repeated with its basis.
type Store interface {
	// Newest returns, for each of the currencies, the rate that counts on a day: the one of the newest day up to it that was not
	// removed. A currency without one is left out. They are ordered by currency. The cost is that of the currencies asked for.
	Newest(ctx context.Context, in ledger.ID, home string, currencies []string, on civil.Date) ([]Rate, error)
	// List returns at most limit rates that lead to home and were not removed, the largest ID first, and of those below the ID before
	// unless it is 0.
	List(ctx context.Context, in ledger.ID, home string, before ID, limit int) ([]Rate, error)
	// Get returns the rate of an ID, a removed one too.
	Get(ctx context.Context, in ledger.ID, id ID) (Rate, error)
	// Put makes the rate of a key what it is given as, removed or not, whatever its Revision says, and returns it as it is then.
	// At revision 0 the author of the change saw no rate, and Put makes one.
	//
	// At another revision than that of the basis nothing changes. If the step from the basis was made by the same change, this is
	// its repeat, and Put returns the rate as it is now. Otherwise it is a Conflict; NotFound if there is no rate at all.
	Put(ctx context.Context, in ledger.ID, basis revision.Basis, rate Rate) (Rate, error)
}

// Spending is what this module asks of the expenses.
type Spending interface {
	// Spent returns what was spent this month and of all time, one amount for each currency in use, all of one moment.
	Spent(ctx context.Context, actor ledger.Actor) (month, allTime []money.Amount, err error)
}

// NoSuchRate is the error for a rate that was never entered.
func NoSuchRate(op string) error { return fault.New(fault.NotFound, op, "there is no such rate") }

// Stale is the error for a change of a rate that is not at the revision any more that the change names.
func Stale(op string) error {
	return fault.New(fault.Conflict, op, "this rate was changed since you opened it")
}
