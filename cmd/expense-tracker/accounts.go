package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"expense-tracker/adapters/argon2id"
	"expense-tracker/adapters/invited"
	"expense-tracker/adapters/oidc"
	"expense-tracker/adapters/passkeys"
	"expense-tracker/adapters/totp"
	"expense-tracker/config"
	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/observability"
	"expense-tracker/web"
)

// entrance is what a program has where people sign in.
type entrance struct {
	accounts *account.Service // nil where nobody signs in
	signedIn func(context.Context, error)
	trusted  []netip.Prefix
	code     string // of the set-up that is open; else empty

	federation *account.Federation // nil where nobody signs in at a provider
}

// newEntrance returns the services of accounts, if people sign in. It makes the first account if the settings have a password for it, or
// else offers a code for the set-up where there is none.
func newEntrance(
	ctx context.Context, opened storage, telemetry *observability.Telemetry, settings config.Config, logger *slog.Logger,
	members *member.Service,
) (e entrance, err error) {
	if settings.Auth.Mode == config.AuthNone {
		return entrance{}, nil
	}
	signIns, err := telemetry.NewSignIns() //nolint:contextcheck // metrics outlive every request
	if err != nil {
		return entrance{}, err
	}
	own := accountSettings(settings)
	own.Leave, own.Invitations = members.LeaveAll, invited.New(members)
	own.Shut = func(ctx context.Context, user ledger.UserID) error { return endTokens(ctx, opened, user) }
	store, err := telemetry.Accounts(opened.Accounts(), own.Ends)
	if err != nil {
		return entrance{}, err
	}
	hasher := argon2id.New(argon2id.Options{Random: own.Random, Waited: signIns.Waited})
	e = entrance{
		accounts: account.NewService(store, hasher, own), signedIn: signIns.Record, trusted: settings.Web.TrustedProxies.Prefixes(),
	}
	if settings.Auth.Mode.HasOIDC() {
		e.federation = newFederation(e.accounts, settings, logger)
	}
	e.code, err = retry(ctx, settings.Database.ConnectTimeout, logger, func() (string, error) {
		return letTheFirstIn(ctx, account.NewOperator(store, hasher, own), settings.Auth, logger)
	})
	return e, err
}

// newFederation lets people in whom the provider of the settings knows. The provider is asked when the first of them comes.
func newFederation(accounts *account.Service, settings config.Config, logger *slog.Logger) *account.Federation {
	auth := settings.Auth
	provider := oidc.New(oidc.Options{
		Issuer: auth.OIDCIssuer, ClientID: auth.OIDCClientID, ClientSecret: string(auth.OIDCClientSecret), Name: auth.OIDCTitle(),
		Redirect: settings.BaseURL + web.AddressReturn, Group: auth.OIDCGroup != "", Logger: logger,
	})
	return account.NewFederation(accounts, provider, account.Policy{SignUp: auth.OIDCSignUp.Patterns(), Group: auth.OIDCGroup})
}

// accountSettings returns what accounts need to know of the settings.
func accountSettings(settings config.Config) account.Settings {
	random := func(b []byte) { _, _ = rand.Read(b) } // it never fails
	return account.Settings{
		Now: time.Now, Random: random, Codes: totp.New(random), Keys: passkeys.Keys{},
		Ends:        account.Ends{Idle: settings.Auth.SessionIdle, Max: settings.Auth.SessionMax},
		NoPasswords: !settings.Auth.Mode.HasPassword(),
	}
}

// letTheFirstIn makes the first account, or returns a code for who makes it.
func letTheFirstIn(ctx context.Context, operator *account.Operator, settings config.Auth, logger *slog.Logger) (code string, err error) {
	if settings.AdminPassword != "" {
		made, err := operator.EnsureFirst(ctx, account.Draft{Name: settings.AdminName, Password: string(settings.AdminPassword)})
		if err != nil {
			return "", explained("auth.admin_name, auth.admin_password", err)
		}
		if made {
			logger.InfoContext(ctx, "the first account was made, with the password that was set for it")
		}
		return "", nil
	}
	if code, err = operator.OfferSetup(ctx); err != nil || code == "" {
		return "", err
	}
	logger.WarnContext(ctx, "nobody has an account yet: open the page /setup and enter this code", "code", code)
	return code, nil
}

// explained says in plain words what is wrong with what was given, if that is what an error is about.
func explained(what string, err error) error {
	violations := fault.ViolationsOf(err)
	if len(violations) == 0 {
		return refusedAs(what, err)
	}
	said := fmt.Errorf("%s: %s", what, violations[0].Message)
	for _, v := range violations[1:] {
		said = fmt.Errorf("%w; %s", said, v.Message)
	}
	return said
}

// refusal is an error as the operator reads it.
type refusal struct {
	said string
	error
}

// Error returns what is said.
func (r refusal) Error() string { return r.said }

// Unwrap returns the whole of it.
func (r refusal) Unwrap() error { return r.error }

// refusedAs says of an error that is about what was asked for, and not about the storage, only what a person wants to read.
func refusedAs(what string, err error) error {
	if kind, message := fault.KindOf(err), fault.MessageOf(err); message != "" && (kind == fault.NotFound || kind == fault.Conflict) {
		return refusal{what + ": " + message, err}
	}
	return err
}
