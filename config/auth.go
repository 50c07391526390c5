package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// The values of auth.mode.
const (
	AuthNone     = "none"
	AuthPassword = "password"
)

// Secret is a text that is never shown: it prints, logs and marshals masked; string(s) is the real one.
type Secret string

// Masked is xxxxx, or nothing if there is nothing to hide.
func (s Secret) Masked() string {
	if s == "" {
		return ""
	}
	return hidden
}

// String is Masked, so that no %v or log line shows it.
func (s Secret) String() string { return s.Masked() }

// GoString is Masked, quoted, for %#v.
func (s Secret) GoString() string { return fmt.Sprintf("config.Secret(%q)", s.Masked()) }

// MarshalText is Masked, for JSON, YAML and slog.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.Masked()), nil }

// Networks are ranges of IP addresses divided by commas, tidied by checkNetworks.
type Networks string

// Prefixes returns the ranges one by one; none for an empty list.
func (n Networks) Prefixes() []netip.Prefix {
	var all []netip.Prefix
	for _, text := range splitList(string(n)) {
		if prefix, err := netip.ParsePrefix(text); err == nil {
			all = append(all, prefix)
		}
	}
	return all
}

// checkNetworks takes ranges such as 10.0.0.0/8, and single addresses.
func checkNetworks(text string) (string, error) {
	ranges := splitList(text)
	for i, one := range ranges {
		prefix, err := netip.ParsePrefix(one)
		if err != nil {
			address, err := netip.ParseAddr(one)
			if err != nil || address.Zone() != "" {
				return "", errors.New("must be IP addresses or ranges of them such as 10.0.0.0/8, divided by commas")
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		ranges[i] = prefix.Masked().String()
	}
	return strings.Join(ranges, ","), nil
}

// checkBaseURL takes the address of a site that has a host to itself.
func checkBaseURL(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" || u.User != nil ||
		!isHostName(strings.ToLower(u.Hostname())) || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("must be an address such as https://expenses.example.org, without a path")
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}
