package expense

import (
	"errors"
	"fmt"

	"expense-tracker/core/fault"
	"expense-tracker/core/money"
)

// The faults that storages have in common, so that a user reads the same sentence whatever keeps the data.

// NoSuchExpense is the error for an expense that the ledger does not have.
func NoSuchExpense(op string) error {
	return fault.New(fault.NotFound, op, "there is no such expense")
}

// NoSuchCategory is the error for a category that the ledger does not have, or that was merged away.
func NoSuchCategory(op string) error {
	return fault.New(fault.NotFound, op, "there is no such category")
}

// Stale is the error for a change of an expense that is not at the revision any more that the change names.
func Stale(op string, now Expense) error {
	if now.Deleted {
		return fault.New(fault.NotFound, op, "this expense was deleted")
	}
	return fault.New(fault.Conflict, op, "this expense was changed since you opened it")
}

// StaleAmong is the error for a change of several expenses, one of which is not any more what the change starts from.
func StaleAmong(op string, now Expense) error {
	category, spent := string(now.Category.Name), now.Spent()
	if now.Deleted {
		return fault.New(fault.Conflict, op, "nothing was done, since one of them was deleted meanwhile: %s, %s", category, spent)
	}
	return fault.New(fault.Conflict, op, "nothing was done, since one of them was changed meanwhile: %s, %s", category, spent)
}

// GoneAmong is the error for a change of several expenses, one of which the ledger does not have any more.
func GoneAmong(op string) error {
	return fault.New(fault.Conflict, op, "nothing was done, since one of them is gone for good by now")
}

// StaleCategory is the error for a change of a category that is not at the revision any more that the change names.
func StaleCategory(op string) error {
	return fault.New(fault.Conflict, op, "this category was changed since you opened it")
}

// KeyReused is the error for an add whose idempotency key stored something else before.
func KeyReused(op string) error {
	return fault.New(fault.Conflict, op, "this form was already used to add another expense")
}

// CategoryNameTaken is the error for a name that another category has, which is spelt as given.
func CategoryNameTaken(op string, taken CategoryName) error {
	return fault.New(fault.Conflict, op, "there is already a category “%s”; merge the two instead", string(taken))
}

// NameTakenSince is the error for taking back a change of a category whose name another has by now, which is spelt as given.
func NameTakenSince(op string, taken CategoryName) error {
	return fault.New(fault.Conflict, op, "another category is called “%s” by now: rename that one first", string(taken))
}

// CannotUndo is the error for taking back a rename or a merge after which a category was changed in another way.
func CannotUndo(op string) error {
	return fault.New(fault.Conflict, op, "the category was changed since, so this cannot be undone any more")
}

// CategoryInUse is the error for removing a category that has expenses.
func CategoryInUse(op string) error {
	return fault.New(fault.Conflict, op, "this category has expenses: archive it, or merge it into another")
}

// NoSuchCurrency is the error for a currency that a storage does not know.
func NoSuchCurrency(op, code string) error {
	return fault.New(fault.NotFound, op, "there is no currency %s here", code)
}

// Counted returns a price in the storage's currency of its code, or an Invalid fault at the price if it cannot be kept exactly.
func Counted(op string, price money.Amount, stored money.Currency) (money.Amount, error) {
	counted, err := price.In(stored)
	if err == nil {
		return counted, nil
	}
	f := fault.Field(op, FieldPrice, "%s is kept with at most %d decimals here, and %s does not fit", stored.Code(), stored.Digits(),
		price.Decimal())
	if stored.Digits() == 0 {
		f = fault.Field(op, FieldPrice, "%s is kept without decimals here, and %s does not fit", stored.Code(), price.Decimal())
	}
	f.Err = err
	return money.Amount{}, f
}

// TotalOverflow is the error for an expense with which a total would leave what 64 bits keep exactly.
func TotalOverflow(op string, cause error) error {
	f := fault.Field(op, FieldPrice, "with this price a total would be larger than can be kept exactly")
	f.Err = fmt.Errorf("%w: %w", money.ErrOverflow, cause)
	return f
}

// asShown says of a sum that was only to be shown, and has no place in 64 bits, what may help: its parts have.
func asShown(op string, err error) error {
	if !errors.Is(err, money.ErrOverflow) {
		return err
	}
	return &fault.Error{
		Kind: fault.Invalid, Op: op, Err: fmt.Errorf("%w: %s", money.ErrOverflow, err.Error()), // without the price, which is in no form here
		Message: fault.Say("this adds up to more than can be told exactly; ask for less at a time: fewer days, or a category"),
	}
}
