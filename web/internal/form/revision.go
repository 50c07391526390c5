package form

import (
	"net/http"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

// Revision is the field of a change that says what its author saw.
const Revision = "revision"

// Saw returns what a form's author saw, or an Invalid error.
func Saw(r *http.Request) (expense.Seen, error) {
	saw, err := expense.ParseSeen(r.PostForm.Get(Revision))
	if err != nil {
		return expense.Seen{}, fault.At("web", Revision, err)
	}
	return saw, nil
}
