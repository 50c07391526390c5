// Package oidc asks an OpenID Connect provider who somebody is: it implements account.Provider. It finds the provider's addresses and keys
// by discovery, the first time that it needs them, and verifies what the provider signs. It knows no storage and no page.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

// Options are what a Provider needs to know.
type Options struct {
	Issuer       string // letter for letter as the provider names itself
	ClientID     string
	ClientSecret string // empty for a public client
	Redirect     string // where the provider sends browsers back to
	Name         string // what people call the provider
	Group        bool   // the groups of people matter

	Now    func() time.Time // the clock; time.Now if nil
	Logger *slog.Logger     // gets the reasons for what is refused; none if nil
}

// Provider implements account.Provider. It is safe for concurrent use.
type Provider struct {
	options Options
	client  *http.Client
	asking  singleflight.Group

	mu     sync.Mutex
	known  *endpoints
	since  time.Time // when it was found
	failed error     // of the last discovery
	again  time.Time // when the next one may be, after one that failed
}

var _ account.Provider = (*Provider)(nil)

// endpoints are what discovery has found.
type endpoints struct {
	provider *oidc.Provider
	config   oauth2.Config
}

// New returns a Provider. It asks for nothing yet: a provider that is away keeps nobody from starting.
func New(o Options) *Provider {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Provider{options: o, client: newClient()}
}

// Name implements account.Provider.
func (p *Provider) Name() string { return p.options.Name }

// Issuer implements account.Provider.
func (p *Provider) Issuer() string { return p.options.Issuer }

// How long what was found counts, and how soon a provider that was away is asked again: seldom enough that a crowd that wants to sign in
// does not keep it down, and soon enough for who tries again.
const (
	foundFor = time.Hour
	awayFor  = 2 * time.Second
	tryAgain = 5 * time.Second // is what people are told
)

// scopeGroups is what many providers want to be asked for before they name a person's groups.
const scopeGroups = "groups"

// Address implements account.Provider.
func (p *Provider) Address(ctx context.Context, c account.Challenge) (string, error) {
	found, err := p.find(ctx)
	if err != nil {
		return "", p.away(ctx, "oidc.Address", err)
	}
	return found.config.AuthCodeURL(c.State, oidc.Nonce(c.Nonce), oauth2.S256ChallengeOption(c.Verifier)), nil
}

// away is the error of a provider that did not answer as one does.
func (p *Provider) away(ctx context.Context, op string, cause error) error {
	if ctx.Err() == nil {
		p.options.Logger.WarnContext(ctx, "the identity provider does not answer", "issuer", p.options.Issuer, "error", cause)
	}
	away := fault.New(fault.Unavailable, op, "%s does not answer just now; try again in a moment", p.options.Name)
	away.RetryAfter, away.Err = tryAgain, fmt.Errorf("%w: %w", account.ErrAway, cause)
	return away
}

// find returns the provider's endpoints. Whoever asks at the same time waits for one answer, and each no longer than they want to.
func (p *Provider) find(ctx context.Context) (*endpoints, error) {
	now := p.options.Now()
	p.mu.Lock()
	known, failed, fresh := p.known, p.failed, now.Before(p.since.Add(foundFor))
	early := failed != nil && now.Before(p.again)
	p.mu.Unlock()
	switch {
	case known != nil && (fresh || early):
		return known, nil
	case early:
		return nil, failed
	}
	answer := p.asking.DoChan("", func() (any, error) { return p.discover() }) //nolint:contextcheck // for all who wait
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("discovery: %w", context.Cause(ctx))
	case got := <-answer:
		found, _ := got.Val.(*endpoints)
		return found, got.Err
	}
}

// discover asks the provider for its endpoints. What was known before outlasts a failure.
func (p *Provider) discover() (*endpoints, error) {
	found, err := p.ask()
	now := p.options.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed, p.again = err, now.Add(awayFor)
	if err == nil {
		p.known, p.since = found, now
	}
	if p.known != nil {
		return p.known, nil
	}
	return nil, err
}

// ask is bounded by the client's own time, and not by one request's: many wait for it, and its keys are asked for later.
func (p *Provider) ask() (*endpoints, error) {
	ctx := oidc.ClientContext(context.Background(), p.client)
	provider, err := oidc.NewProvider(ctx, p.options.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discovery: %w", shortened(err))
	}
	var extra struct {
		Keys    string   `json:"jwks_uri"`
		Methods []string `json:"token_endpoint_auth_methods_supported"`
		Scopes  []string `json:"scopes_supported"`
	}
	if err := provider.Claims(&extra); err != nil {
		return nil, fmt.Errorf("discovery: %w", err)
	}
	found := &endpoints{provider: provider, config: oauth2.Config{
		ClientID: p.options.ClientID, ClientSecret: p.options.ClientSecret, Endpoint: provider.Endpoint(), RedirectURL: p.options.Redirect,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}}
	if p.options.Group && (extra.Scopes == nil || slices.Contains(extra.Scopes, scopeGroups)) {
		found.config.Scopes = append(found.config.Scopes, scopeGroups)
	}
	found.config.Endpoint.AuthStyle = styleOf(p.options.ClientSecret, extra.Methods)
	for _, address := range []string{found.config.Endpoint.AuthURL, found.config.Endpoint.TokenURL, extra.Keys, provider.UserInfoEndpoint()} {
		if err := p.checkAddress(address); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// styleOf says how the program names itself to the provider. It is never tried out: a code that was shown once is spent.
func styleOf(secret string, methods []string) oauth2.AuthStyle {
	if secret == "" || methods != nil && !slices.Contains(methods, "client_secret_basic") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader // the default of the standard
}

// checkAddress refuses addresses by which a provider that is reached by TLS would be asked without.
func (p *Provider) checkAddress(address string) error {
	parsed, err := url.Parse(address)
	if err != nil || address != "" && parsed.Host == "" {
		return errors.New("discovery: the provider names an address that is none")
	}
	if strings.HasPrefix(p.options.Issuer, "https:") && address != "" && parsed.Scheme != "https" {
		return errors.New("discovery: the provider names an address without TLS")
	}
	return nil
}
