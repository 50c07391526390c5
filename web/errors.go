package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"expense-tracker/core/fault"
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
	case fault.Internal:
	}
	return http.StatusInternalServerError
}

// refusal is a request that HTTP itself already refuses, before the core is asked.
type refusal struct {
	status int
	allow  string // for 405
	host   string // for 421
	err    error
}

func (e *refusal) Error() string { return fmt.Sprintf("web: %s: %v", http.StatusText(e.status), e.err) }
func (e *refusal) Unwrap() error { return e.err }

// formError is a form that could not be taken, with the way to show it again as it was typed.
type formError struct {
	err   error
	again func(problem) ([]byte, error)
}

func (e *formError) Error() string { return e.err.Error() }
func (e *formError) Unwrap() error { return e.err }

// problem is an error as a person is told of it.
type problem struct {
	Status    int
	Title     string
	Text      string
	RequestID string            // of an internal error
	Fields    []fault.Violation // as sentences
	Kind      fault.Kind
}

// fail is the one place that turns an error into a status and a page.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := s.explain(r.Context(), err)
	var refused *refusal
	if errors.As(err, &refused) && refused.allow != "" {
		w.Header().Set("Allow", refused.allow)
	}
	if p.Kind == fault.Unavailable {
		w.Header().Set("Retry-After", strconv.Itoa(secondsToWait(err)))
	}
	var form *formError
	if errors.As(err, &form) {
		page, again := form.again(p)
		if again == nil {
			send(w, p.Status, page)
			return
		}
		s.log(r.Context(), again)
	}
	page, broken := s.renderFault(p)
	if broken != nil {
		s.log(r.Context(), broken)
		page = []byte(p.Title)
	}
	send(w, p.Status, page)
}

// ServePanic answers a request whose handler panicked. Whoever recovered the panic has logged it.
func (s *Site) ServePanic(w http.ResponseWriter, r *http.Request) {
	s.setSecurityHeaders(w.Header())
	p := problem{Kind: fault.Internal, Status: statusOf(fault.Internal), RequestID: s.options.RequestID(r.Context())}
	p.Title, p.Text = words(p.Kind)
	page, err := s.renderFault(p)
	if err != nil {
		page = []byte(p.Title)
	}
	send(w, p.Status, page)
}

// explain finds status and words for an error, and logs what is our own fault.
func (s *Site) explain(ctx context.Context, err error) problem {
	var refused *refusal
	if errors.As(err, &refused) {
		return refused.problem(s.options.BodyLimit)
	}
	p := problem{Kind: fault.KindOf(err)}
	p.Status = statusOf(p.Kind)
	p.Title, p.Text = words(p.Kind)
	if message := fault.MessageOf(err); message != "" && p.Kind != fault.Internal {
		p.Text = sentence(message)
	}
	for _, v := range fault.ViolationsOf(err) {
		p.Fields = append(p.Fields, fault.Violation{Field: v.Field, Message: sentence(v.Message)})
	}
	slices.SortStableFunc(p.Fields, func(a, b fault.Violation) int { return cmp.Compare(placeInForm(a.Field), placeInForm(b.Field)) })
	if p.Kind == fault.Internal || p.Kind == fault.Unavailable {
		p.RequestID = s.options.RequestID(ctx)
		s.log(ctx, err)
	}
	return p
}

// log writes down a failure that no user can mend. Nobody may have waited for its answer: a fault of our own is one all the same.
func (s *Site) log(ctx context.Context, err error) {
	switch {
	case fault.KindOf(err) == fault.Unavailable && ctx.Err() != nil:
		s.options.Logger.DebugContext(ctx, "storage unavailable to a client that has gone", "error", err)
	case fault.KindOf(err) == fault.Unavailable:
		s.options.Logger.WarnContext(ctx, "storage unavailable", "error", err)
	default:
		s.options.Logger.ErrorContext(ctx, "internal error", "error", err)
	}
}

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

func (e *refusal) problem(bodyLimit int64) problem {
	p := problem{Status: e.status, Kind: fault.Invalid}
	switch e.status {
	case http.StatusNotFound:
		p.Kind = fault.NotFound
		p.Title, p.Text = words(p.Kind)
	case http.StatusMethodNotAllowed:
		p.Title, p.Text = "Not this way", "This address answers, but not to this method. It takes: "+e.allow+"."
	case http.StatusMisdirectedRequest:
		p.Title, p.Text = misdirected(e.host)
	case http.StatusRequestEntityTooLarge:
		p.Title, p.Text = "That is too much at once", fmt.Sprintf("A form may have at most %d bytes. Nothing was stored.", bodyLimit)
	case http.StatusUnsupportedMediaType:
		p.Title, p.Text = "Not a form", "Send a form: application/x-www-form-urlencoded or multipart/form-data."
	default:
		p.Title, p.Text = "This could not be read", "The form arrived damaged. Nothing was stored."
	}
	return p
}

// waitOf returns when an unavailable storage is worth another try.
func waitOf(err error) time.Duration {
	var f *fault.Error
	if errors.As(err, &f) && f.RetryAfter > 0 {
		return f.RetryAfter
	}
	return retryAfter
}

func secondsToWait(err error) int { return int((waitOf(err) + time.Second - 1) / time.Second) }

// sentence gives a core error's words a capital and a full stop.
func sentence(s string) string {
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
