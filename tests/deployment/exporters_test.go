package deployment_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/project"
)

// said returns what an address answers, which may be an error's text.
func said(t *testing.T, address string) string {
	t.Helper()
	response, err := get(t.Context(), address)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}

// The exporter that the database refuses, or that finds none, goes on and says so: PostgresNotWatched is raised by pg_up.
func TestTheExporterSaysThatItIsRefused(t *testing.T) {
	l := newLookers(t, postgrestest.Start(t))
	migrate(t, l.owner)
	l.mustMakeRoles(t, "all")
	u, err := url.Parse(l.as(t, "expense_monitor", l.monitor))
	if err != nil {
		t.Fatal(err)
	}
	well, wrong, away := *u, *u, *u
	wrong.User = url.UserPassword("expense_monitor", "another")
	away.Host = freeAddress(t)
	for name, c := range map[string]struct {
		source url.URL
		up     string
	}{"well": {well, "pg_up 1"}, "a wrong password": {wrong, "pg_up 0"}, "no database": {away, "pg_up 0"}} {
		t.Run(name, func(t *testing.T) {
			address := freeAddress(t)
			startProcess(t, []string{"DATA_SOURCE_NAME=" + c.source.String()},
				tool(t, "prometheus-postgres-exporter", "prometheus-postgres-exporter"), "--web.listen-address="+address, "--log.level=error")
			awaitOK(t, "http://"+address+"/")
			if !within(10*time.Second, func() bool { return strings.Contains(said(t, "http://"+address+"/metrics"), "\n"+c.up+"\n") }) {
				t.Errorf("it does not say %s", c.up)
			}
		})
	}
}

// A page that is not whole, an error, and a certificate that nobody vouches for are no answers.
func TestPagesThatAreNoAnswers(t *testing.T) {
	address := freeAddress(t)
	startProcess(t, nil, tool(t, "prometheus-blackbox-exporter", "prometheus-blackbox-exporter"), "--web.listen-address="+address,
		"--config.file="+project.Path(t, "observability/blackbox/blackbox.yml"), "--log.level=error")
	awaitOK(t, "http://"+address+"/-/healthy")
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var status int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, map[bool]string{true: "<html>", false: "<html></html>"}[strings.HasSuffix(r.URL.Path, "half")])
	})
	plain, tls := httptest.NewServer(handler), httptest.NewTLSServer(handler)
	t.Cleanup(plain.Close)
	t.Cleanup(tls.Close)
	for _, c := range []struct{ module, target, success string }{
		{"page", plain.URL + "/200", "1"}, {"page", plain.URL + "/401", "1"}, {"page", plain.URL + "/200/half", "0"},
		{"page", plain.URL + "/503", "0"}, {"page", plain.URL + "/421", "0"}, {"page", "http://" + freeAddress(t), "0"},
		{"ready", plain.URL + "/200", "1"}, {"ready", plain.URL + "/503", "0"}, {"ready", plain.URL + "/401", "0"},
		{"page_tls", plain.URL + "/200", "0"}, {"page_tls", tls.URL + "/200", "0"},
	} {
		answer := said(t, "http://"+address+"/probe?module="+c.module+"&target="+url.QueryEscape(c.target))
		if !strings.Contains(answer, "\nprobe_success "+c.success+"\n") {
			t.Errorf("%s as %s: probe_success is not %s:\n%s", c.target, c.module, c.success, answer)
		}
	}
}
