package problem

import (
	"errors"
	"fmt"
	"net/http"
	"unicode"
	"unicode/utf8"

	"expense-tracker/core/fault"
)

// words are what a kind of error says when it brings no sentence of its own.
func words(kind fault.Kind) (title, text string) {
	switch kind {
	case fault.Invalid:
		return "Please check what you entered", ""
	case fault.NotFound:
		return "Not found", "There is nothing at this address. It may have been deleted, or the address has a slip in it."
	case fault.Conflict:
		return "This changed in the meantime", "Look at it as it is now, and try again."
	case fault.Forbidden:
		return "Not allowed", "You may not do this here."
	case fault.Unauthenticated:
		return "Please sign in", "This page is for people who are signed in."
	case fault.Unavailable:
		return "The storage is not available just now", "What was stored is safe. Please try again in a few seconds."
	case fault.Internal:
	}
	return "Internal error", "Something went wrong on our side. It was written down, and trying again may help."
}

func otherMethod(allow string) (title, text string) {
	return "Not this way", "This address answers, but not to this method. It takes: " + allow + "."
}

// otherHost explains a refused host, whose name may be anything.
func otherHost(host string) (title, text string) {
	const shown = 100
	if len(host) > shown {
		host = host[:shown] + "…"
	}
	return "Not at this address", "This program does not answer to the name “" + host + "”. " +
		"If it should, its operator adds that name, without the port, to the setting web.hosts (EXPENSE_TRACKER_WEB_HOSTS). Nothing was read or stored."
}

func tooMuch(err *http.MaxBytesError) (title, text string) {
	return "That is too much at once", fmt.Sprintf("A form may have at most %d bytes. Nothing was stored.", err.Limit)
}

func notAForm() (title, text string) {
	return "Not a form", "Send a form: application/x-www-form-urlencoded or multipart/form-data."
}

func damaged() (title, text string) {
	return "This could not be read", "The form arrived damaged. Nothing was stored."
}

// ForeignForm returns the error of a form that another site's page sent.
func ForeignForm(cause error) error {
	return &fault.Error{Kind: fault.Forbidden, Op: "web", Message: "the form was sent from a page of another site", Err: cause}
}

// MaybeChanged says of an unavailable storage that the outcome of a change is not known. Nothing is lost by sending the change again:
// one that was stored after all is recognised. Other errors are returned as they are.
func MaybeChanged(err error) error {
	return MaybeStored("web.change", err, "Your change may or may not be stored. "+
		"Send it again in a few seconds: it is stored once, and nothing that others changed meanwhile is undone")
}

// MaybeStored says of an unavailable storage what that means for what was sent. Other errors are returned as they are.
func MaybeStored(op string, err error, means string) error {
	if !errors.Is(err, fault.Unavailable) {
		return err
	}
	if reason := Sentence(fault.MessageOf(err)); reason != "" { // such as "The disk is full."
		means = reason + " " + means
	}
	return &fault.Error{Kind: fault.Unavailable, Op: op, Err: err, RetryAfter: WaitOf(err), Message: means}
}

// AtField returns the problem of a form as one of a single field, with the problem's text beside the field.
func (p Problem) AtField(name string) Problem {
	p.Fields = append(p.Fields, Field{Name: name, Message: p.Text})
	p.Title, p.Text = words(fault.Invalid)
	return p
}

// Sentence gives a core error's words a capital and a full stop.
func Sentence(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[size:]
	switch s[len(s)-1] {
	case '.', '!', '?':
		return s
	}
	return s + "."
}
