package client_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"expense-tracker/web/internal/client"
)

func TestOnlyTrustedProxiesAreBelieved(t *testing.T) {
	finder := client.Finder{Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	for _, tt := range []struct {
		remote           string
		said             []string
		address, network string
	}{
		{"192.0.2.1:5", nil, "192.0.2.1", "192.0.2.1"},
		{"192.0.2.1:5", []string{"203.0.113.9"}, "192.0.2.1", "192.0.2.1"},
		{"10.0.0.1:5", []string{"203.0.113.9"}, "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:5", []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:5", []string{"203.0.113.9", "10.9.9.9"}, "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:5", []string{"203.0.113.9:1234"}, "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:5", []string{"[2001:db8:1:2:3::4]:80"}, "2001:db8:1:2:3::4", "2001:db8:1:2::/64"},
		{"[fd00::1]:5", []string{"2001:db8:1:2:3::4"}, "2001:db8:1:2:3::4", "2001:db8:1:2::/64"},
		{"[::ffff:10.0.0.1]:5", []string{"203.0.113.9"}, "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:5", nil, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:5", []string{"unknown"}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:5", []string{"203.0.113.9, <script>"}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:5", []string{"10.1.1.1"}, "10.1.1.1", "10.1.1.1"},
		{"[fe80::1%eth0]:5", nil, "fe80::1", "fe80::/64"},
		{"@", nil, "", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tt.remote
		r.Header.Set("User-Agent", "Browser/1")
		for _, said := range tt.said {
			r.Header.Add("X-Forwarded-For", said)
		}
		if got := finder.Of(r); got.Address != tt.address || got.Network != tt.network || got.Agent != "Browser/1" {
			t.Errorf("%s with %q is %+v, want %s in %s", tt.remote, tt.said, got, tt.address, tt.network)
		}
	}
}
