package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"expense-tracker/config"
)

func TestASecretIsNeverPrinted(t *testing.T) {
	c, sources, err := config.Load(t.Context(), config.LoadOptions{Environ: []string{
		"EXPENSE_TRACKER_AUTH_ADMIN_PASSWORD=seven quiet herons wade",
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
