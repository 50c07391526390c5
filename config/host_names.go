package config

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
)

// HostNames are names divided by commas, tidied by checkHosts.
type HostNames string

// Names returns the names one by one; none for an empty list.
func (h HostNames) Names() []string { return splitList(string(h)) }

func splitList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// checkHosts takes names without scheme, port or path, in any case, and * for every name.
func checkHosts(text string) (string, error) {
	names := splitList(strings.ToLower(text))
	for i, name := range names {
		names[i] = strings.TrimSuffix(name, ".")
		if name != "*" && !isHostName(names[i]) {
			return "", errors.New("must be names such as expenses.example.org, divided by commas, without scheme or port, or *")
		}
	}
	return strings.Join(slices.Compact(names), ","), nil
}

// isHostName takes an IP address too, without brackets: an operator may well list one, and it does no harm.
func isHostName(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == "" && !strings.Contains(name, "..") && name[0] != '.'
}
