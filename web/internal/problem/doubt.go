package problem

import (
	"errors"

	"expense-tracker/core/fault"
	"expense-tracker/web/internal/words"
)

// ForeignForm returns the error of a form that another site's page sent.
func ForeignForm(cause error) error {
	f := fault.New(fault.Forbidden, "web", "the form was sent from a page of another site")
	f.Err = cause
	return f
}

// doubt is an unavailable storage of which nobody knows what it did with a form.
type doubt struct {
	err   error
	means words.Phrase
}

func (d *doubt) Error() string { return d.err.Error() }
func (d *doubt) Unwrap() error { return d.err }

// explain says what ails the storage, if that is known, and what it means for what was sent.
func (d *doubt) explain(in *words.Language) string {
	means := in.T(d.means)
	if reason := fault.TextOf(d.err); !reason.IsEmpty() { // such as "The disk is full."
		return in.Text(reason) + " " + means
	}
	return means
}

// MaybeChanged says of an unavailable storage that the outcome of a change is not known. Nothing is lost by sending the change again:
// one that was stored after all is recognised. Other errors are returned as they are.
func MaybeChanged(err error) error {
	return MaybeStored(err, "Your change may or may not be stored. "+
		"Send it again in a few seconds: it is stored once, and nothing that others changed meanwhile is undone.")
}

// MaybeStored says of an unavailable storage what that means for what was sent. Other errors are returned as they are.
func MaybeStored(err error, means words.Phrase) error {
	if !errors.Is(err, fault.Unavailable) {
		return err
	}
	return &doubt{err: err, means: means}
}
