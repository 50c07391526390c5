package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A page of another site can make its name lead to this program. Its requests carry that name and look like our own otherwise.
func TestAForeignHostGetsNothing(t *testing.T) {
	t.Parallel()
	foreign := map[string]string{"Host": "evil.example", "Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}
	for _, listen := range []string{"127.0.0.1:0", ":0"} {
		p := start(t, "memory:", "--listen", listen)
		user := visit(t, p.URL)
		user.add("secret", "12.50")
		style := user.get("/").one("link", "rel", "stylesheet").attributes["href"]
		for _, path := range []string{"/", "/expenses/1", "/expenses?from=oldest", "/categories", "/metrics", "/nothing", "/favicon.ico", style} {
			answer := user.send(http.MethodGet, path, "", foreign)
			expect(t, path+" for a foreign host", answer.status, http.StatusMisdirectedRequest)
			if strings.Contains(answer.body, "secret") || strings.Contains(answer.body, "go_") {
				t.Errorf("%s tells a foreign host: %s", path, answer.body)
			}
		}
		foreign["Content-Type"] = formType
		answer := user.send(http.MethodPost, "/add", form("category", "planted", "price", "1").Encode(), foreign)
		expect(t, "an add for a foreign host", answer.status, http.StatusMisdirectedRequest)
		contains(t, "its page", answer.body, "evil.example", "EXPENSE_TRACKER_WEB_HOSTS")
		expect(t, "what is stored", user.get("/").total(), "12.50")
		for _, path := range []string{"/healthz", "/readyz"} {
			expect(t, path+" by any name", user.send(http.MethodGet, path, "", foreign).status, http.StatusOK)
		}
		expect(t, "by localhost", user.send(http.MethodGet, "/", "", map[string]string{"Host": "localhost:5000"}).status, http.StatusOK)
	}
}

func TestMadeUpHostsAddNoSeries(t *testing.T) {
	t.Parallel()
	user := visit(t, start(t, "memory:").URL)
	ask := func(from, to int) {
		for i := from; i < to; i++ {
			expect(t, "status", user.send(http.MethodGet, "/", "", map[string]string{"Host": fmt.Sprintf("host-%d.example:%d", i, i+1)}).status, http.StatusMisdirectedRequest)
		}
	}
	ask(0, 1)
	before := strings.Count(user.get("/metrics").body, "\n")
	ask(1, 200)
	if after := strings.Count(user.get("/metrics").body, "\n"); after > before+20 { // its own route's first scrape is among them
		t.Errorf("200 made-up hosts: %d lines of metrics, before %d", after, before)
	}
}

func TestListedHostsAreAnswered(t *testing.T) {
	t.Parallel()
	settings := writeFile(t, "config.yaml", "web:\n  hosts: [Expenses.example.org, expense-tracker]\n")
	p := start(t, "memory:", "--config", settings, "--metrics-listen", "127.0.0.1:0")
	user := visit(t, p.URL)
	_, metrics, _ := strings.Cut(p.Output(), "Metrics are at ")
	metrics, _, _ = strings.Cut(metrics, "\n")
	scraper := visit(t, strings.TrimSuffix(metrics, "/metrics"))
	for host, status := range map[string]int{
		"expenses.example.org": http.StatusOK, "EXPENSES.example.org:443": http.StatusOK, "expense-tracker:5000": http.StatusOK, "evil.example": http.StatusMisdirectedRequest,
	} {
		expect(t, host, user.send(http.MethodGet, "/", "", map[string]string{"Host": host}).status, status)
		expect(t, host+" at the metrics' listener", scraper.send(http.MethodGet, "/metrics", "", map[string]string{"Host": host}).status, status)
	}
}

// Clients that are no browser may leave the host out, or name it in the request's first line.
func TestTheHostIsWhatTheRequestSays(t *testing.T) {
	t.Parallel()
	address := strings.TrimPrefix(start(t, "memory:").URL, "http://")
	for request, status := range map[string]string{
		"GET / HTTP/1.0\r\n\r\n":                                                                      "421",
		"GET /readyz HTTP/1.0\r\n\r\n":                                                                "200",
		"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n":                                                   "200",
		"GET / HTTP/1.1\r\nConnection: close\r\n\r\n":                                                 "400",
		"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n":                                        "421",
		"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n":           "421",
		"GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n":           "200", // the first line is what counts
		"GET http://localhost@evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n": "421",
		"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n":        "400",
	} {
		conn, err := net.DialTimeout("tcp", address, 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprint(conn, request); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(conn).ReadString('\n')
		_ = conn.Close() // it was only read
		if fields := strings.Fields(line); err != nil || len(fields) < 2 || fields[1] != status {
			t.Errorf("%q: %q, %v; want %s", request, line, err, status)
		}
	}
}

func TestListeningBeyondThisMachineIsWarnedOf(t *testing.T) {
	t.Parallel()
	inside, outside := start(t, "memory:"), start(t, "memory:", "--listen", ":0")
	if output := inside.Output(); strings.Contains(output, "login") {
		t.Errorf("a loopback listener is warned of: %s", output)
	}
	port := outside.URL[strings.LastIndexByte(outside.URL, ':'):]
	eventually(t, 10*time.Second, "the announcement", func() bool { return strings.Contains(outside.Output(), "listens on [::]"+port+" without a login") })
	contains(t, "the log", outside.Output(), "level=WARN", `address=[::]`+port)
}
