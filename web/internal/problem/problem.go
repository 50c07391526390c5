// Package problem turns errors into statuses and pages: it has the one table from the core's kinds of error to HTTP, and the words
// for people. A handler returns its error and writes nothing; the Desk answers. It knows no area.
package problem

import (
	"errors"
	"net/http"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/web/internal/words"
)

// retryAfter is what an unavailable storage is given when it did not say itself.
const retryAfter = 5 * time.Second

// statusOf is the one table from the core's kinds of error to HTTP.
func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Busy:
		return http.StatusServiceUnavailable
	case fault.Throttled:
		return http.StatusTooManyRequests
	case fault.Internal:
	}
	return http.StatusInternalServerError
}

// Problem is an error as a person is told of it.
type Problem struct {
	Status    int
	Title     string
	Text      string
	RequestID string  // of an internal error
	Fields    []Field // what is wrong in a form
	Kind      fault.Kind
	Reopen    string // the page that was asked for, where it may answer later; empty for none

	In *words.Language // that it is told in

	asked asker
}

// Field is one thing that is wrong in a form.
type Field struct {
	Name    string // in the form
	Label   string // on the page; empty where the field cannot be seen
	Message string // a sentence
}

// MessageAt returns what is wrong about a field, or nothing.
func (p Problem) MessageAt(field string) string {
	for _, f := range p.Fields {
		if f.Name == field {
			return f.Message
		}
	}
	return ""
}

// IsOurs reports whether the fault is the program's or its storage's, and not the user's.
func (p Problem) IsOurs() bool { return p.Kind == fault.Unavailable || p.Kind == fault.Internal }

// IsOurs reports whether an error is the program's or its storage's fault, and not the user's.
func IsOurs(err error) bool { return Problem{Kind: fault.KindOf(err)}.IsOurs() }

// HasPage reports whether an error has a page of its own.
func HasPage(err error) bool {
	var own *onPage
	return errors.As(err, &own)
}

// onPage is an error with a page of its own.
type onPage struct {
	err  error
	show func(Problem) ([]byte, error)
}

func (e *onPage) Error() string { return e.err.Error() }
func (e *onPage) Unwrap() error { return e.err }

// OnPage returns err as one that is shown by show, such as on the form that could not be taken, as it was typed.
func OnPage(err error, show func(Problem) ([]byte, error)) error {
	return &onPage{err: err, show: show}
}

// hasWait reports whether an answer of a kind says when to try again.
func hasWait(kind fault.Kind) bool {
	return kind == fault.Unavailable || kind == fault.Throttled || kind == fault.Busy
}

// WaitOf returns when an unavailable storage is worth another try, or what was refused for now.
func WaitOf(err error) time.Duration {
	var f *fault.Error
	if errors.As(err, &f) && f.RetryAfter > 0 {
		return f.RetryAfter
	}
	return retryAfter
}

func secondsToWait(err error) int { return int((WaitOf(err) + time.Second - 1) / time.Second) }
