// Package client finds out where a request came from: from the connection, or from what a reverse proxy says that the operator trusts.
package client

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"expense-tracker/core/account"
)

// Finder knows which proxies are trusted. The zero Finder trusts none.
type Finder struct{ Trusted []netip.Prefix }

// Of returns the client of a request.
func (f Finder) Of(r *http.Request) account.Client {
	of := account.Client{Agent: r.UserAgent()}
	address, ok := f.address(r)
	if !ok {
		return of
	}
	of.Address, of.Network = address.String(), address.String()
	if address.Is6() {
		const household = 64
		if prefix, err := address.Prefix(household); err == nil {
			of.Network = prefix.String()
		}
	}
	return of
}

// forwardedFor is the header to which each proxy appends the address that it was asked from.
const forwardedFor = "X-Forwarded-For"

// address returns the nearest address that is no trusted proxy's. What stands further away may be made up.
func (f Finder) address(r *http.Request) (netip.Addr, bool) {
	nearest, ok := parse(r.RemoteAddr)
	if !ok || !f.isTrusted(nearest) {
		return nearest, ok
	}
	said := strings.Split(strings.Join(r.Header.Values(forwardedFor), ","), ",")
	for _, one := range slices.Backward(said) {
		address, ok := parse(strings.TrimSpace(one))
		if !ok {
			break
		}
		if nearest = address; !f.isTrusted(address) {
			break
		}
	}
	return nearest, true
}

func (f Finder) isTrusted(address netip.Addr) bool {
	return slices.ContainsFunc(f.Trusted, func(p netip.Prefix) bool { return p.Contains(address) })
}

// parse reads an address with a port or without, in brackets or without.
func parse(text string) (netip.Addr, bool) {
	if port, err := netip.ParseAddrPort(text); err == nil {
		return port.Addr().Unmap().WithZone(""), true
	}
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return address.Unmap().WithZone(""), err == nil
}
