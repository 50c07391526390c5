package server

import (
	"net"
	"net/netip"
	"testing"

	"expense-tracker/tests/rig/check"
)

func TestWhatCountsAsOneAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"127.0.0.1:1": "127.0.0.1/32", "[::ffff:10.0.0.1]:1": "10.0.0.1/32", "[2001:db8:1:2:3::4]:1": "2001:db8:1:2::/64",
		"[fe80::1%lo]:1": "fe80::/64",
	} {
		port, err := netip.ParseAddrPort(address)
		if err != nil {
			t.Fatal(err)
		}
		check.Equal(t, address, neighbourhood(net.TCPAddrFromAddrPort(port)).String(), want)
	}
}
