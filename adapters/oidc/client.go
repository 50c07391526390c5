package oidc

import (
	"errors"
	"io"
	"net/http"
	"time"
	"unicode"
)

// What one answer of a provider may take. A page of keys has some ten thousand bytes.
const (
	maxAnswer = 1 << 20
	maxTime   = 4 * time.Second
)

// newClient returns a client that is bounded in time and bytes, and follows no redirect: the addresses are known, and what is sent to
// them is for nobody else.
func newClient() *http.Client {
	return &http.Client{
		Transport: bounded{http.DefaultTransport},
		Timeout:   maxTime,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("the provider leads to another address, which is not followed")
		},
	}
}

// bounded bounds the bytes of each answer.
type bounded struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.next.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{answer.Body, maxAnswer}
	}
	return answer, err
}

var errTooMuch = errors.New("the provider sends too much")

// boundedBody fails where an answer is too long: what is cut off could pass for the whole.
type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooMuch
	}
	if len(p) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= n
	return n, err
}

// shortError is an error whose text may hold what a stranger has sent: a log gets one line of it.
type shortError struct{ error }

func shortened(err error) error { return shortError{err} }

// Error returns the beginning of the text.
func (e shortError) Error() string {
	const longest = 300
	var line []rune
	for _, r := range e.error.Error() {
		if !unicode.IsPrint(r) {
			r = ' '
		}
		if line = append(line, r); len(line) == longest {
			return string(line) + "…"
		}
	}
	return string(line)
}

func (e shortError) Unwrap() error { return e.error }
