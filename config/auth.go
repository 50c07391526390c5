package config

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// AuthMode is who may come in: none, or ways of signing in divided by commas, tidied by checkAuthMode.
type AuthMode string

// The values of auth.mode.
const (
	AuthNone     AuthMode = "none"
	AuthPassword AuthMode = "password"
	AuthOIDC     AuthMode = "oidc"
	AuthBoth     AuthMode = "password,oidc"
)

// HasPassword reports whether people sign in with a password.
func (m AuthMode) HasPassword() bool { return m == AuthPassword || m == AuthBoth }

// HasOIDC reports whether people sign in at a provider.
func (m AuthMode) HasOIDC() bool { return m == AuthOIDC || m == AuthBoth }

// OthersAreExpected reports whether the settings say that others than this machine ask, by a proxy before the program.
func (c Config) OthersAreExpected() bool {
	base, err := url.Parse(c.BaseURL)
	return err == nil && base.Hostname() != "" && !isLoopbackHost(base.Hostname()) || c.Web.Hosts != "" || c.Web.TrustedProxies != ""
}

// checkAuthMode takes one way or both, in either order.
func checkAuthMode(text string) (string, error) {
	ways := splitList(text)
	slices.Sort(ways)
	switch mode := strings.Join(slices.Compact(ways), ","); mode {
	case string(AuthNone), string(AuthPassword), string(AuthOIDC):
		return mode, nil
	case "oidc,password":
		return string(AuthBoth), nil
	}
	return "", errors.New("must be none, password, oidc, or password,oidc")
}

// checkIssuer takes what a provider may call itself. It is left as it is: each letter counts, and a slash at the end.
func checkIssuer(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Opaque != "" || u.User != nil ||
		!isHostName(strings.ToLower(u.Hostname())) || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("must be an address such as https://auth.example.org")
	}
	if u.Scheme == "http" && !isLoopbackHost(u.Hostname()) {
		return "", errors.New("must begin with https://, since the provider's word is taken; http:// is for this machine alone")
	}
	return text, nil
}

// isLoopbackHost reports whether a host is this machine.
func isLoopbackHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// SignUp are addresses, domains or *, divided by commas, tidied by checkSignUp.
type SignUp string

// Patterns returns them one by one.
func (s SignUp) Patterns() []string { return splitList(string(s)) }

// checkSignUp takes addresses of people, domains that begin with @, and * for everybody.
func checkSignUp(text string) (string, error) {
	patterns := splitList(strings.ToLower(text))
	for _, one := range patterns {
		at := strings.LastIndexByte(one, '@')
		if one != "*" && (at < 0 || !isHostName(one[at+1:]) || !strings.Contains(one[at+1:], ".")) {
			return "", errors.New("must be addresses such as ana@example.org, domains such as @example.org, divided by commas, or *")
		}
	}
	return strings.Join(patterns, ","), nil
}

// OIDCTitle is what people call the provider.
func (a Auth) OIDCTitle() string {
	if a.OIDCName != "" {
		return a.OIDCName
	}
	u, err := url.Parse(a.OIDCIssuer)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
