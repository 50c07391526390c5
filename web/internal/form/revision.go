package form

import (
	"net/http"

	"expense-tracker/core/fault"
	"expense-tracker/core/revision"
)

// Revision is the field of a change that says what its author saw.
const Revision = "revision"

// Saw returns what a form's author saw, or an Invalid error.
func Saw(r *http.Request) (revision.Seen, error) {
	saw, err := revision.Parse(r.PostForm.Get(Revision))
	if err != nil {
		return revision.Seen{}, fault.At("web", Revision, err)
	}
	return saw, nil
}
