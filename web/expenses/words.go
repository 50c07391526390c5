package expenses

import (
	"errors"

	"expense-tracker/core/fault"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// The titles of the area's pages.
const (
	titleHome          words.Phrase = "Expenses"
	titleNotAdded      words.Phrase = "Not added"
	titleOlder         words.Phrase = "Older expenses"
	titleEdit          words.Phrase = "Edit expense"
	titleDeleted       words.Phrase = "Deleted expense"
	titleNotSaved      words.Phrase = "Not saved"
	titleMaybeNotSaved words.Phrase = "Maybe not saved"
)

// unknownExpense stands for an expense that cannot be read now.
const unknownExpense words.Phrase = "Expense"

// What the page of an expense adds to a conflict.
const (
	chooseOne      words.Phrase = "Choose what to keep. What only one of you changed is put together already."
	hereAsItIsNow  words.Phrase = "Here it is as it is now."
	storedAndTyped words.Phrase = "What is stored now is shown first, and what you typed after it: saving replaces the one by the other."
)

// explainAdd puts into words what matters to the sender of a form whose outcome is not plain.
func explainAdd(err error) error {
	if errors.Is(err, fault.Conflict) {
		f := fault.New(fault.Conflict, "web.add", "this form had already been sent, with something else in it, and that is stored. "+
			"To store what stands here as well, send it once more")
		f.Err = err
		return f
	}
	return problem.MaybeStored(err, "Your expense may not be stored yet. "+
		"What you typed is kept below: send it again in a few seconds, and it will be stored exactly once.")
}
