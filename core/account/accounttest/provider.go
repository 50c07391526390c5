package accounttest

import (
	"context"
	"fmt"
	"net/url"
	"sync"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

// Provider is an account.Provider that lets in whom the test says, and holds each code to the question that it was given for.
type Provider struct {
	Err error // the answer of every call, unless it is nil

	mu    sync.Mutex
	asked map[string]account.Challenge // by state
	codes map[string]answer
}

type answer struct {
	to     account.Challenge
	claims account.Claims
}

var _ account.Provider = (*Provider)(nil)

// Issuer is that of the Provider.
const Issuer = issuer

// Name implements account.Provider.
func (p *Provider) Name() string { return "Example ID" }

// Issuer implements account.Provider.
func (p *Provider) Issuer() string { return issuer }

// Address implements account.Provider.
func (p *Provider) Address(_ context.Context, c account.Challenge) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Err != nil {
		return "", p.Err
	}
	if p.asked == nil {
		p.asked, p.codes = map[string]account.Challenge{}, map[string]answer{}
	}
	p.asked[c.State] = c
	return issuer + "auth?" + url.Values{"state": {c.State}}.Encode(), nil
}

// Let returns the state and the code with which a browser comes back from an address, once a person has signed in there.
func (p *Provider) Let(address string, claims account.Claims) (state, code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	parsed, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	state = parsed.Query().Get("state")
	code = fmt.Sprint("code ", len(p.codes)+1)
	claims.Issuer = issuer
	p.codes[code] = answer{p.asked[state], claims}
	return state, code
}

// Redeem implements account.Provider.
func (p *Provider) Redeem(_ context.Context, code string, c account.Challenge) (account.Claims, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Err != nil {
		return account.Claims{}, p.Err
	}
	given, known := p.codes[code]
	delete(p.codes, code)
	if !known || given.to != c {
		return account.Claims{}, fault.New(fault.Unauthenticated, "accounttest.Redeem", "")
	}
	return given.claims, nil
}
