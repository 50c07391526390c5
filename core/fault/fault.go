// Package fault names the few kinds of error that the core can answer with, so that every adapter can act on the kind
// without knowing where the error came from. It knows nothing of HTTP statuses or SQL states.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of failure an error is. It is an error itself, so that errors.Is(err, fault.NotFound) reads as it sounds.
type Kind uint8

// The kinds. An error that carries none of them is Internal.
const (
	Internal        Kind = iota // a bug or a broken promise; its detail is for the log only
	Invalid                     // the input breaks a rule; Violations say where
	NotFound                    // what was asked for does not exist in this ledger
	Conflict                    // it clashes with what is stored: a stale edit, a key used for something else
	Forbidden                   // the actor's role does not allow it
	Unauthenticated             // nobody is signed in
	Unavailable                 // the storage cannot answer now; trying again may help
	Throttled                   // it was tried too often; RetryAfter says when it may be tried again
	Busy                        // the program has too much else to do now; trying again may help
)

var kindNames = [...]string{"internal", "invalid", "not found", "conflict", "forbidden", "unauthenticated", "unavailable", "throttled",
	"busy"}

// Error returns the kind's name.
func (k Kind) Error() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Violation is one broken rule: the input's field, by its name in the form, and a sentence for the person who typed it.
type Violation struct {
	Field   string
	Message Text
}

// Error is a failure of a known kind.
type Error struct {
	Kind       Kind
	Op         string        // the operation that failed, such as "expense.Add"
	Message    Text          // may be shown to the user; empty if there is none
	Violations []Violation   // for Invalid: every broken rule
	RetryAfter time.Duration // for Unavailable, Throttled and Busy: when trying again makes sense; 0 if unknown
	Err        error         // the cause, for the log; may be nil
}

// Error returns operation, kind, message and cause, for logs.
func (e *Error) Error() string {
	parts := make([]string, 0, 4+len(e.Violations))
	if e.Op != "" {
		parts = append(parts, e.Op)
	}
	parts = append(parts, e.Kind.Error())
	if !e.Message.IsEmpty() {
		parts = append(parts, e.Message.String())
	}
	for _, v := range e.Violations {
		parts = append(parts, v.Field+": "+v.Message.String())
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is this error's kind.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == e.Kind
}

// New returns an error of the kind with a sentence for the user.
func New(kind Kind, op string, message Phrase, args ...any) *Error {
	return &Error{Kind: kind, Op: op, Message: Say(message, args...)}
}

// Wrap returns an error of the kind around its cause; nil stays nil.
func Wrap(kind Kind, op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: kind, Op: op, Err: err}
}

// Field returns an Invalid error for one field.
func Field(op, field string, message Phrase, args ...any) *Error {
	return &Error{Kind: Invalid, Op: op, Violations: []Violation{{Field: field, Message: Say(message, args...)}}}
}

// At returns an Invalid error for one field, of what was wrong when it was parsed. Its text is that of an error made by Refuse.
func At(op, field string, err error) *Error {
	return &Error{Kind: Invalid, Op: op, Violations: []Violation{{Field: field, Message: Said(err)}}}
}

// KindOf returns the kind of the outermost fault in err's chain, or Internal.
func KindOf(err error) Kind {
	var f *Error
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// ViolationsOf returns every violation that err's chain carries, outermost first.
func ViolationsOf(err error) []Violation {
	var f *Error
	if !errors.As(err, &f) {
		return nil
	}
	return append(append([]Violation(nil), f.Violations...), ViolationsOf(f.Err)...)
}

// MessageOf returns what TextOf does, in English.
func MessageOf(err error) string { return TextOf(err).String() }

// TextOf returns the sentence of the outermost fault in err's chain that has one and is of the kind of the outermost fault; empty if
// there is none.
func TextOf(err error) Text {
	kind := KindOf(err)
	for {
		var f *Error
		if !errors.As(err, &f) || f.Kind != kind {
			return Text{}
		}
		if !f.Message.IsEmpty() {
			return f.Message
		}
		err = f.Err
	}
}
