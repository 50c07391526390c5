package load

import (
	"fmt"
	"sync/atomic"

	"github.com/valyala/fasthttp"
)

// SignedIn sends requests as people who are signed in, one after the other.
type SignedIn struct {
	Requests
	tokens []string
	sent   atomic.Int64
}

// As returns the requests as those send them whose sessions have the tokens.
func As(tokens []string, requests Requests) *SignedIn {
	return &SignedIn{Requests: requests, tokens: tokens}
}

// Prepare adds the cookie.
func (s *SignedIn) Prepare(request *fasthttp.Request) bool {
	if !s.Requests.Prepare(request) {
		return false
	}
	request.Header.SetCookie("expense_session", s.tokens[s.sent.Add(1)%int64(len(s.tokens))])
	return true
}

// Guesses are log-ins with a wrong password, each from another address and with another name, so that no limit stops them: all that
// can be hashed is.
type Guesses struct {
	url  string
	sent atomic.Int64
}

// NewGuesses returns the guesses for the program at base, which has to believe 127.0.0.1 about whom it asks for.
func NewGuesses(base string) *Guesses { return &Guesses{url: base + "/login"} }

// Prepare fills the form in.
func (g *Guesses) Prepare(request *fasthttp.Request) bool {
	n := g.sent.Add(1)
	request.Header.SetMethod(fasthttp.MethodPost)
	request.Header.SetContentType("application/x-www-form-urlencoded")
	request.Header.Set(fasthttp.HeaderXForwardedFor, fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255))
	request.SetRequestURI(g.url)
	request.SetBodyString(fmt.Sprintf("name=nobody+%d&password=seven+loud+herons+wade", n))
	return true
}

// Status is any: those who would wait too long are told to come again.
func (g *Guesses) Status() int { return AnyStatus }
