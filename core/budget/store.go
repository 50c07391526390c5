package budget

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Store is the port to where budgets are kept. Adapters implement it and are held to the contract in budgettest.
//
// Every method is atomic, belongs to one ledger and sees no other; the caller has checked that the actor may do it, and that the category
// exists. What a method has answered is durable and is seen by every later call, on any instance. Each change gives the ledger a
// new State in the same transaction. Errors are faults: NotFound for a missing budget, Conflict, Invalid, and Unavailable when the
// storage did not answer; the outcome of an unavailable change is unknown, and it may be repeated with its basis.
type Store interface {
	// List returns all budgets, ordered by category. Each has the term that stands at month from, and those that start after it
	// and until month to. So it has none if it starts later.
	List(ctx context.Context, in ledger.ID, from, to civil.Month) ([]Budget, error)
	// Get returns the budget of a category, with the term that stands at month from and all after it.
	Get(ctx context.Context, in ledger.ID, of CategoryID, from civil.Month) (Budget, error)
	// Set puts a term in the place of that of its month, or beside the others if there is none, and returns the budget as Get does
	// for the term's month. A term that ends the budget takes away those after it. At revision 0 the author of the change saw no
	// budget, and Set makes one. A limit is kept in the decimals that the storage counts its currency in, or is Invalid.
	//
	// At another revision than that of the basis nothing changes. If the step from the basis was made by the same change, this is
	// its repeat, and Set returns the budget as it is now. Otherwise it is a Conflict; NotFound if there is no budget at all.
	Set(ctx context.Context, in ledger.ID, of CategoryID, basis revision.Basis, term Term) (Budget, error)
}

// Spending is what this module asks of the expenses. It takes plain numbers for categories, so that neither module knows the other.
type Spending interface {
	// SpentSince calls each for what was spent on each category in each month, from the month that stands beside the category until
	// to: once for each currency, and once with no amount for a month without expenses. Category 0 stands for all of them. A category
	// that was merged away is called with the one that is left; one that does not exist is left out.
	SpentSince(ctx context.Context, actor ledger.Actor, since map[int64]civil.Month, to civil.Month,
		each func(asked, left int64, month civil.Month, spent money.Amount)) error
}

// NoSuchBudget is the error for a category without a budget.
func NoSuchBudget(op string) error { return fault.New(fault.NotFound, op, "there is no such budget") }

// Stale is the error for a change of a budget that is not at the revision any more that the change names.
func Stale(op string) error {
	return fault.New(fault.Conflict, op, "this budget was changed since you opened it")
}

// Counted returns a limit in the storage's currency of its code, or an Invalid fault at the amount if it cannot be kept exactly.
func Counted(op string, limit money.Amount, stored money.Currency) (money.Amount, error) {
	counted, err := limit.In(stored)
	if err == nil {
		return counted, nil
	}
	f := fault.Field(op, FieldAmount, "%s is kept with at most %d decimals here, and %s does not fit", stored.Code(), stored.Digits(),
		limit.Decimal())
	if stored.Digits() == 0 {
		f = fault.Field(op, FieldAmount, "%s is kept without decimals here, and %s does not fit", stored.Code(), limit.Decimal())
	}
	f.Err = err
	return money.Amount{}, f
}
