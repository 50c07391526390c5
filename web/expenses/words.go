package expenses

import (
	"errors"

	"expense-tracker/core/fault"
	"expense-tracker/web/internal/problem"
)

// The titles of the area's pages.
const (
	titleHome          = "Expenses"
	titleNotAdded      = "Not added"
	titleOlder         = "Older expenses"
	titleEdit          = "Edit expense"
	titleDeleted       = "Deleted expense"
	titleNotSaved      = "Not saved"
	titleMaybeNotSaved = "Maybe not saved"
)

// unknownExpense stands for an expense that cannot be read now.
const unknownExpense = "Expense"

// What the page of an expense adds to a conflict.
const (
	hereAsItIsNow  = " Here it is as it is now."
	storedAndTyped = " What is stored now is shown first, and what you typed after it: saving replaces the one by the other."
)

// explainAdd puts into words what matters to the sender of a form whose outcome is not plain.
func explainAdd(err error) error {
	const op = "web.add"
	if errors.Is(err, fault.Conflict) {
		return &fault.Error{Kind: fault.Conflict, Op: op, Err: err, Message: "this form had already been sent, with something else in it, " +
			"and that is stored. To store what stands here as well, send it once more"}
	}
	return problem.MaybeStored(op, err, "Your expense may not be stored yet. "+
		"What you typed is kept below: send it again in a few seconds, and it will be stored exactly once")
}
