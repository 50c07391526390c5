package problem

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"expense-tracker/core/fault"
	"expense-tracker/web/internal/words"
)

// refusal is a request that HTTP itself already refuses, before the core is asked.
type refusal struct {
	status int
	allow  string // for 405
	host   string // for 421
	err    error
}

func (e *refusal) Error() string { return fmt.Sprintf("web: %s: %v", http.StatusText(e.status), e.err) }
func (e *refusal) Unwrap() error { return e.err }

// NotFound returns the error of an address where nothing stands. The cause may be nil.
func NotFound(cause error) error { return &refusal{status: http.StatusNotFound, err: cause} }

// MethodNotAllowed returns the error of an address that answers, but to other methods: those that allow lists.
func MethodNotAllowed(allow string) error {
	return &refusal{status: http.StatusMethodNotAllowed, allow: allow}
}

// Misdirected returns the error of a request for a host that is not this program's.
func Misdirected(host string) error {
	return &refusal{status: http.StatusMisdirectedRequest, host: host}
}

// Unreadable returns the error of a form that could not be read: of the kind Invalid, with the status of its cause.
func Unreadable(status int, cause error) error {
	return &refusal{status: status, err: fault.Wrap(fault.Invalid, "web.form", cause)}
}

func (e *refusal) problem(in *words.Language) Problem {
	p := Problem{In: in, Status: e.status, Kind: fault.Invalid}
	switch e.status {
	case http.StatusNotFound:
		p.Kind = fault.NotFound
		p.say(ofKind(p.Kind))
	case http.StatusMethodNotAllowed:
		if strings.Contains(e.allow, http.MethodGet) {
			p.say("Not this way", "This address answers, but not to this method. It takes: %s.", e.allow)
		} else {
			p.say("There is no page here", "A form is sent to this address, and no page can be opened at it. It takes: %s.", e.allow)
		}
	case http.StatusMisdirectedRequest:
		p.say("Not at this address", otherHost, shortened(e.host))
	case http.StatusRequestEntityTooLarge:
		var tooLarge *http.MaxBytesError
		errors.As(e.err, &tooLarge)
		p.say("That is too much at once", "A form may have at most %d bytes. Nothing was stored.", tooLarge.Limit)
	case http.StatusUnsupportedMediaType:
		p.say("Not a form", "Send a form: application/x-www-form-urlencoded or multipart/form-data.")
	default:
		p.say("This could not be read", "The form arrived damaged. Nothing was stored.")
	}
	return p
}
