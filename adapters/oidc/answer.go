package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

// maxSkew is how far the provider's clock may be from ours.
const maxSkew = 2 * time.Minute

// claims are what an answer may say of a person.
type claims struct {
	Subject   string `json:"sub"`
	Username  string `json:"preferred_username"`
	Name      string `json:"name"`
	Email     string `json:"email"`
	Verified  truth  `json:"email_verified"`
	Groups    words  `json:"groups"`
	Party     string `json:"azp"`
	IssuedAt  moment `json:"iat"`
	NotBefore moment `json:"nbf"`
}

// Redeem implements account.Provider.
func (p *Provider) Redeem(ctx context.Context, code string, c account.Challenge) (account.Claims, error) {
	const op = "oidc.Redeem"
	found, err := p.find(ctx)
	if err != nil {
		return account.Claims{}, p.away(ctx, op, err)
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := found.config.Exchange(ctx, code, oauth2.VerifierOption(c.Verifier))
	if err != nil {
		return account.Claims{}, p.unredeemed(ctx, op, err)
	}
	said, err := p.verify(ctx, found, token, c)
	switch {
	case isAway(err):
		return account.Claims{}, p.away(ctx, op, err)
	case err != nil:
		return account.Claims{}, p.refuse(ctx, op, err)
	}
	if said.isIncomplete(p.options.Group) && found.provider.UserInfoEndpoint() != "" {
		if err := p.complete(ctx, found, token, &said); err != nil {
			return account.Claims{}, p.refuse(ctx, op, err)
		}
	}
	return account.Claims{
		Identity: account.Identity{Issuer: p.options.Issuer, Subject: said.Subject},
		Username: said.Username, Name: said.Name, Email: said.Email, Verified: bool(said.Verified), Groups: said.Groups,
	}, nil
}

// unredeemed is the error of a code that the provider gave nothing for.
func (p *Provider) unredeemed(ctx context.Context, op string, err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) || refused.Response != nil && refused.Response.StatusCode >= http.StatusInternalServerError {
		return p.away(ctx, op, withoutBody(err))
	}
	return p.refuse(ctx, op, withoutBody(err))
}

// withoutBody leaves what a provider sent beside its code of an error out of the log.
func withoutBody(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return shortened(err)
	}
	status := 0
	if refused.Response != nil {
		status = refused.Response.StatusCode
	}
	return shortened(fmt.Errorf("the token endpoint answers %d %s", status, refused.ErrorCode))
}

// refuse is the error of an answer that is not to be believed. The log says why; the person is told no more than that.
func (p *Provider) refuse(ctx context.Context, op string, cause error) error {
	p.options.Logger.WarnContext(ctx, "an answer of the identity provider is refused", "issuer", p.options.Issuer, "reason", shortened(cause))
	refused := fault.New(fault.Unauthenticated, op, "the answer of %s is not to be believed; begin again", p.options.Name)
	refused.Err = cause
	return refused
}

// isAway reports whether an answer could not be verified since the provider's keys could not be had.
func isAway(err error) bool { return err != nil && strings.Contains(err.Error(), "fetching keys") }

// verify returns what a provider has signed, if it is this one's answer to this question, given just now.
func (p *Provider) verify(ctx context.Context, found *endpoints, answer *oauth2.Token, c account.Challenge) (said claims, err error) {
	signed, _ := answer.Extra("id_token").(string)
	if signed == "" {
		return claims{}, errors.New("there is no ID token")
	}
	// Signature, issuer and audience. The time is looked at below, with less patience.
	verifier := found.provider.VerifierContext(ctx, &oidc.Config{ClientID: p.options.ClientID, SkipExpiryCheck: true})
	token, err := verifier.Verify(ctx, signed)
	if err != nil {
		return claims{}, shortened(err)
	}
	err = token.Claims(&said)
	if err == nil && token.AccessTokenHash != "" {
		err = token.VerifyAccessToken(answer.AccessToken)
	}
	if err != nil {
		return claims{}, shortened(err)
	}
	now := p.options.Now()
	switch issued := said.IssuedAt.Time; {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(c.Nonce)) != 1:
		return claims{}, errors.New("the nonce is another one")
	case said.Party != "" && said.Party != p.options.ClientID, said.Party == "" && len(token.Audience) > 1:
		return claims{}, errors.New("it was made for another party")
	case !now.Before(token.Expiry.Add(maxSkew)):
		return claims{}, errors.New("it has expired; or the clocks differ")
	case issued.After(now.Add(maxSkew)), said.NotBefore.After(now.Add(maxSkew)):
		return claims{}, errors.New("it is of the future; or the clocks differ")
	case issued.Before(now.Add(-account.AttemptLasts - maxSkew)):
		return claims{}, errors.New("it is too old; or the clocks differ")
	}
	return said, nil
}

// isIncomplete reports whether something is missing that providers may keep for who asks.
func (c claims) isIncomplete(groups bool) bool {
	return c.Email == "" || c.Username == "" && c.Name == "" || groups && c.Groups == nil
}

// complete asks the provider for what the ID token does not say. What cannot be had stays away: who has an account comes in without it.
// But it must be about the same person.
func (p *Provider) complete(ctx context.Context, found *endpoints, token *oauth2.Token, said *claims) error {
	info, err := found.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		p.options.Logger.WarnContext(ctx, "the identity provider says no more of a person", "issuer", p.options.Issuer, "error", shortened(err))
		return nil
	}
	if info.Subject != said.Subject {
		return errors.New("the user info is about another person")
	}
	var more claims
	if err := info.Claims(&more); err != nil {
		return fmt.Errorf("user info: %w", shortened(err))
	}
	if said.Email == "" {
		said.Email, said.Verified = more.Email, more.Verified
	}
	if said.Username == "" {
		said.Username = more.Username
	}
	if said.Name == "" {
		said.Name = more.Name
	}
	if said.Groups == nil {
		said.Groups = more.Groups
	}
	return nil
}

// truth is true, or "true" as some providers write it.
type truth bool

// UnmarshalJSON implements json.Unmarshaler. Whatever else it is counts as false.
func (t *truth) UnmarshalJSON(text []byte) error {
	*t = string(text) == "true" || string(text) == `"true"`
	return nil
}

// words is a list of texts, or one.
type words []string

// UnmarshalJSON implements json.Unmarshaler. Whatever else it is counts as none.
func (w *words) UnmarshalJSON(text []byte) error {
	var one string
	var all []string
	switch {
	case json.Unmarshal(text, &all) == nil:
		*w = all
	case json.Unmarshal(text, &one) == nil:
		*w = words{one}
	}
	return nil
}

// moment is seconds since 1970.
type moment struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (m *moment) UnmarshalJSON(text []byte) error {
	var seconds float64
	if err := json.Unmarshal(text, &seconds); err != nil {
		return fmt.Errorf("a moment: %w", err)
	}
	m.Time = time.Unix(int64(seconds), 0)
	return nil
}
