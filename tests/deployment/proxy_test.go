package deployment_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

// proxied is a program behind a live Caddy that runs the Caddyfile of the set-up for the internet, with a certificate of its own making.
type proxied struct {
	*programtest.Visitor
	program *program.Program
	again   func() // starts another program on the same address and storage
	plain   string // base URL of the port without TLS
}

func startProxied(t *testing.T) proxied {
	t.Helper()
	port := func(address string) string { _, port, _ := net.SplitHostPort(address); return port }
	secure, plain, health := port(freeAddress(t)), port(freeAddress(t)), port(freeAddress(t))
	site := "https://localhost:" + secure
	storage, settings := programtest.NewSQLite(t), programtest.WriteFile(t, "proxied.yaml",
		"base_url: "+site+"\nauth: {mode: password, admin_password: "+programtest.AdminPassword+"}\nweb: {trusted_proxies: 127.0.0.1}\n")
	p := programtest.Start(t, storage, "--config", settings)
	address := strings.TrimPrefix(p.URL, "http://")

	// The ports below 1024 may be somebody's; all else is as it is shipped.
	file := strings.Replace(read(t, "deploy/internet/Caddyfile"), "\tadmin off\n",
		"\tadmin off\n\thttp_port "+plain+"\n\thttps_port "+secure+"\n", 1)
	data := t.TempDir()
	startProcess(t, []string{
		"SITE_NAME=localhost", "UPSTREAM=" + address, "HEALTH_PORT=" + health,
		"HOME=" + data, "XDG_DATA_HOME=" + data, "XDG_CONFIG_HOME=" + data,
	}, tool(t, "caddy", "caddy"), "run", "--adapter", "caddyfile", "--config", programtest.WriteFile(t, "Caddyfile", file))
	awaitOK(t, "http://127.0.0.1:"+health+"/")

	roots := x509.NewCertPool()
	await(t, time.Minute, "Caddy has made its certificates", func() bool {
		root, err := os.ReadFile(filepath.Join(data, "caddy/pki/authorities/local/root.crt"))
		if err != nil || !roots.AppendCertsFromPEM(root) {
			return false
		}
		dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: "localhost"}}
		conn, err := dialer.DialContext(t.Context(), "tcp", "127.0.0.1:"+secure)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	visitor := programtest.Visit(t, site)
	visitor.HTTP.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots}
	again := func() { programtest.Start(t, storage, "--config", settings, "--listen", address) }
	return proxied{Visitor: visitor, program: p, again: again, plain: "http://localhost:" + plain}
}

func TestTheProxyLetsPeopleInByTLSAlone(t *testing.T) {
	t.Parallel()
	site := startProxied(t)
	if answer := programtest.Visit(t, site.plain).Get("/"); answer.Status/100 != 3 ||
		!strings.HasPrefix(answer.Header.Get("Location"), "https://localhost") {
		t.Errorf("without TLS: %d to %q", answer.Status, answer.Header.Get("Location"))
	}
	answer := site.Post("/login", programtest.Form("name", "admin", "password", programtest.AdminPassword))
	if answer.Status != http.StatusSeeOther || answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("log-in: %d, %v", answer.Status, answer.Header)
	}
	cookies := answer.Header.Values("Set-Cookie")
	if len(cookies) == 0 {
		t.Error("a log-in sets no cookie")
	}
	for _, cookie := range cookies {
		if !strings.HasPrefix(cookie, "__Host-") || !strings.Contains(cookie, "; Secure") {
			t.Errorf("a cookie goes without TLS, too: %.30s…", cookie)
		}
	}
	if page := site.Add("food", "12.50"); !strings.Contains(page.Total(), "12.50") {
		t.Errorf("after an add by the proxy, the total is %q", page.Total())
	}
}

func TestTheProxyShowsNothingOfTheOperators(t *testing.T) {
	t.Parallel()
	site := startProxied(t)
	for _, path := range []string{"/metrics", "/metrics/", "/healthz", "/readyz", "//metrics", "/./metrics", "/%6detrics"} {
		if answer := site.Get(path); answer.Status == http.StatusOK {
			t.Errorf("%s is shown to the internet", path)
		}
	}
}

// A client cannot say that it is another, and so be counted as another at each try.
func TestTheProxySaysWhoAsks(t *testing.T) {
	t.Parallel()
	site := startProxied(t)
	site.SignIn("admin", programtest.AdminPassword)
	elsewhere := programtest.Visit(t, site.URL)
	elsewhere.HTTP.Transport = site.HTTP.Transport
	if answer := elsewhere.Send(http.MethodPost, "/login",
		programtest.Form("name", "admin", "password", programtest.AdminPassword).Encode(),
		map[string]string{"Content-Type": programtest.FormType, "X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.7"},
	); answer.Status != http.StatusSeeOther {
		t.Fatalf("log-in: %d", answer.Status)
	}
	sessions := elsewhere.Get("/account/sessions")
	if strings.Contains(sessions.Body, "203.0.113.7") || !strings.Contains(sessions.Body, "127.0.0.1") {
		t.Error("the list of sessions believes what the client said of its address")
	}
}

// While the program starts again, who reads waits. A form is answered with what to do, and nothing was done.
func TestTheProxyWaitsForAProgramThatStartsAgain(t *testing.T) {
	t.Parallel()
	site := startProxied(t)
	site.SignIn("admin", programtest.AdminPassword)
	form := programtest.Form("category", "food", "price", "3.25", "idempotency_key", site.Get("/").Field("idempotency_key"))
	if err := site.program.Kill(); err != nil {
		t.Fatal(err)
	}
	answered := make(chan *programtest.Page, 1)
	go func() { answered <- site.Get("/") }()
	if refused := site.Post("/add", form); refused.Status != http.StatusBadGateway || !strings.Contains(refused.Body, "send it again") {
		t.Errorf("a form without a program: %d, %q", refused.Status, refused.Body)
	}
	time.Sleep(time.Second) // for longer than one try takes
	select {
	case page := <-answered:
		t.Errorf("who reads was not kept waiting: %d", page.Status)
	default:
		site.again()
		if page := <-answered; page.Status != http.StatusOK || strings.Contains(page.Total(), "3.25") {
			t.Errorf("who waited got %d, with the total %q", page.Status, page.Total())
		}
	}
	site.Post("/add", form)
	if again := site.Post("/add", form); again.Status != http.StatusSeeOther {
		t.Errorf("the form sent again: %d", again.Status)
	}
	if total := site.Get("/").Total(); !strings.Contains(total, "3.25") {
		t.Errorf("after the form was sent three times, the total is %q", total)
	}
}

// The proxy's word about which trace a request belongs to counts, so it must not be a stranger's.
func TestTheProxyHandsOnNoStrangersTrace(t *testing.T) {
	t.Parallel()
	const trace = "0123456789abcdef0123456789abcdef"
	site := startProxied(t)
	traced := map[string]string{"Traceparent": "00-" + trace + "-0123456789abcdef-01"}
	id := site.Send(http.MethodGet, "/login", "", traced).Header.Get("X-Request-Id")
	await(t, time.Minute, "the line of the request", func() bool { return id != "" && strings.Contains(site.program.Output(), id) })
	if strings.Contains(site.program.Output(), trace) {
		t.Error("a stranger says which trace a request belongs to")
	}
}
