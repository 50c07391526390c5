package config

import (
	"errors"
	"net/netip"
	"strings"
)

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
