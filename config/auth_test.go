package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"expense-tracker/config"
)

func TestASecretIsNeverPrinted(t *testing.T) {
	c, sources, err := config.Load(t.Context(), config.LoadOptions{Environ: []string{
		"EXPENSE_TRACKER_AUTH_MODE=password", "EXPENSE_TRACKER_AUTH_ADMIN_PASSWORD=seven quiet herons wade",
	}})
	if err != nil || c.Auth.AdminPassword != "seven quiet herons wade" {
		t.Fatal("the password is not as it was set", err)
	}
	var logged, encoded, yaml bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("start", "config", c, "password", c.Auth.AdminPassword)
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("start", "config", c)
	if err := json.NewEncoder(&encoded).Encode(c); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteYAML(&yaml, sources); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"log": logged.String(), "JSON": encoded.String(), "YAML": yaml.String(),
		"%v": fmt.Sprintf("%v", c), "%+v": fmt.Sprintf("%+v", c), "%#v": fmt.Sprintf("%#v", c),
	} {
		if strings.Contains(text, "heron") || !strings.Contains(text, "xxxxx") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestBaseURLsAndNetworks(t *testing.T) {
	for _, tt := range []struct{ variable, value, want string }{
		{"BASE_URL", "https://expenses.example.org", "https://expenses.example.org"},
		{"BASE_URL", "http://LOCALHOST:5000/", "http://localhost:5000"},
		{"BASE_URL", "https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"},
		{"BASE_URL", "expenses.example.org", ""},
		{"BASE_URL", "ftp://expenses.example.org", ""},
		{"BASE_URL", "https://", ""},
		{"BASE_URL", "https://me:secret@expenses.example.org", ""},
		{"BASE_URL", "https://expenses.example.org/money", ""},
		{"BASE_URL", "https://expenses.example.org?x=1", ""},
		{"BASE_URL", "https://expenses.example.org#x", ""},
		{"BASE_URL", "javascript:alert(1)", ""},
		{"WEB_TRUSTED_PROXIES", "10.1.2.3/8, 192.0.2.1,fd00::1/8", "10.0.0.0/8,192.0.2.1/32,fd00::/8"},
		{"WEB_TRUSTED_PROXIES", "proxy.example.org", ""},
		{"WEB_TRUSTED_PROXIES", "10.0.0.0/33", ""},
		{"WEB_TRUSTED_PROXIES", "fe80::1%eth0", ""},
	} {
		c, _, err := config.Load(t.Context(), config.LoadOptions{Environ: []string{config.EnvPrefix + tt.variable + "=" + tt.value}})
		got := c.BaseURL + string(c.Web.TrustedProxies)
		if (err != nil) != (tt.want == "") || got != tt.want {
			t.Errorf("%s=%s is %q, %v; want %q", tt.variable, tt.value, got, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("a secret shows in %v", err)
		}
		if n := len(c.Web.TrustedProxies.Prefixes()); err == nil && tt.variable != "BASE_URL" && n != 3 {
			t.Errorf("%s has %d networks", tt.value, n)
		}
	}
}

// Without a login only this machine may reach the program.
func TestWhoListensFartherLetsPeopleSignIn(t *testing.T) {
	for listen, fine := range map[string]bool{
		"127.0.0.1:5000": true, "[::1]:5000": true, "127.9.9.9:0": true, "[::ffff:127.0.0.1]:1": true, "localhost:5000": true,
		":5000": false, "0.0.0.0:5000": false, "[::]:5000": false, "192.168.1.7:5000": false,
		"expenses.example.org:5000": true, // the listener tells
	} {
		for mode, fine := range map[string]bool{"none": fine, "password": true} {
			_, _, err := config.Load(t.Context(), config.LoadOptions{
				Environ: []string{"EXPENSE_TRACKER_LISTEN=" + listen, "EXPENSE_TRACKER_AUTH_MODE=" + mode},
				Checks:  []config.Check{config.CheckReach()},
			})
			if (err == nil) != fine {
				t.Errorf("%s with %s: %v", listen, mode, err)
			}
			if err != nil && !strings.Contains(err.Error(), "EXPENSE_TRACKER_AUTH_MODE=password") {
				t.Errorf("%s: the error does not say what to set: %v", listen, err)
			}
		}
	}
}

// What a way of signing in needs is asked for at the start, by name, and nothing secret is shown.
func TestModesSayWhatTheyNeed(t *testing.T) {
	provider := []string{"AUTH_OIDC_ISSUER=https://auth.example.org", "AUTH_OIDC_CLIENT_ID=expenses", "BASE_URL=https://expenses.example.org"}
	with := func(settings ...string) []string { return append(slices.Clone(provider), settings...) }
	for name, tt := range map[string]struct {
		environ []string
		mode    config.AuthMode
		fault   string // part of it; empty if there is none
	}{
		"oidc":                    {with("AUTH_MODE=oidc"), config.AuthOIDC, ""},
		"both":                    {with("AUTH_MODE=password,oidc"), config.AuthBoth, ""},
		"both, the other way":     {with("AUTH_MODE=oidc, password"), config.AuthBoth, ""},
		"twice the same":          {with("AUTH_MODE=oidc,oidc"), config.AuthOIDC, ""},
		"on one's own machine":    {with("AUTH_MODE=oidc", "AUTH_OIDC_ISSUER=http://127.0.0.1:9000/realm/"), config.AuthOIDC, ""},
		"people":                  {with("AUTH_MODE=oidc", "AUTH_OIDC_SIGN_UP=Ana@Example.org, @example.com,*"), config.AuthOIDC, ""},
		"none and a way":          {with("AUTH_MODE=none,oidc"), "", "must be none, password, oidc, or password,oidc"},
		"something else":          {with("AUTH_MODE=ldap"), "", "must be none, password, oidc, or password,oidc"},
		"no issuer":               {with("AUTH_MODE=oidc", "AUTH_OIDC_ISSUER="), "", "set auth.oidc_issuer and auth.oidc_client_id"},
		"no client":               {with("AUTH_MODE=oidc", "AUTH_OIDC_CLIENT_ID="), "", "set auth.oidc_issuer and auth.oidc_client_id"},
		"no way back":             {with("AUTH_MODE=password,oidc", "BASE_URL="), "", "oidc needs base_url"},
		"a password for nothing":  {with("AUTH_MODE=oidc", "AUTH_ADMIN_PASSWORD=seven quiet herons wade"), "", "nobody signs in with a password"},
		"a password for nobody":   {with("AUTH_MODE=none", "AUTH_ADMIN_PASSWORD=seven quiet herons wade"), "", "nobody signs in with a password"},
		"a password beside":       {with("AUTH_MODE=password,oidc", "AUTH_ADMIN_PASSWORD=seven quiet herons wade"), config.AuthBoth, ""},
		"a provider without TLS":  {with("AUTH_OIDC_ISSUER=http://auth.example.org"), "", "must begin with https://"},
		"no address":              {with("AUTH_OIDC_ISSUER=auth.example.org"), "", "must be an address such as https://auth.example.org"},
		"with a password":         {with("AUTH_OIDC_ISSUER=https://me:herons@auth.example.org"), "", "must be an address"},
		"with a question":         {with("AUTH_OIDC_ISSUER=https://auth.example.org/?x=1"), "", "must be an address"},
		"people without a domain": {with("AUTH_OIDC_SIGN_UP=ana"), "", "must be addresses such as ana@example.org"},
		"a domain of one word":    {with("AUTH_OIDC_SIGN_UP=@org"), "", "must be addresses such as ana@example.org"},
	} {
		environ := []string{config.EnvPrefix + "AUTH_OIDC_CLIENT_SECRET=quiet herons"}
		last := map[string]string{}
		for _, one := range tt.environ { // the last one counts
			variable, _, _ := strings.Cut(one, "=")
			last[variable] = config.EnvPrefix + one
		}
		environ = append(environ, slices.Collect(maps.Values(last))...)
		c, _, err := config.Load(t.Context(), config.LoadOptions{Environ: environ})
		switch {
		case tt.fault == "" && (err != nil || c.Auth.Mode != tt.mode):
			t.Errorf("%s: the mode is %q, %v", name, c.Auth.Mode, err)
		case tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)):
			t.Errorf("%s: %v, want %q", name, err, tt.fault)
		}
		if strings.Contains(fmt.Sprintf("%+v %v", c, err), "herons") {
			t.Errorf("%s: a secret shows in %v", name, err)
		}
	}
	c, _, err := config.Load(t.Context(), config.LoadOptions{
		Environ: []string{config.EnvPrefix + "AUTH_OIDC_SIGN_UP=Ana@Example.org, @example.com"},
	})
	if got := c.Auth.OIDCSignUp.Patterns(); err != nil || !slices.Equal(got, []string{"ana@example.org", "@example.com"}) {
		t.Errorf("%q, %v", got, err)
	}
	for issuer, want := range map[string]string{"https://auth.example.org:8443/realm/": "auth.example.org", "": ""} {
		if got := (config.Auth{OIDCIssuer: issuer}).OIDCTitle(); got != want {
			t.Errorf("%s is called %s, want %s", issuer, got, want)
		}
	}
}
