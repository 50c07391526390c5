package program_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// A page of another site can make its name lead to this program. Its requests carry that name and look like our own otherwise.
func TestAForeignHostGetsNothing(t *testing.T) {
	t.Parallel()
	foreign := map[string]string{"Host": "evil.example", "Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}
	for _, listen := range []string{"127.0.0.1:0", ":0"} {
		p := programtest.StartGated(t, "memory:", "--listen", listen)
		user := programtest.Visit(t, p.URL).SignIn("admin", programtest.AdminPassword)
		user.Add("secret", "12.50")
		style := user.Get("/").One("link", "rel", "stylesheet").Attributes["href"]
		for _, path := range []string{"/", "/expenses/1", "/expenses?from=oldest", "/categories", "/metrics", "/nothing",
			"/favicon.ico"} {
			answer := user.Send(http.MethodGet, path, "", foreign)
			check.Equal(t, path+" for a foreign host", answer.Status, http.StatusMisdirectedRequest)
			if strings.Contains(answer.Body, "secret") || strings.Contains(answer.Body, "go_") {
				t.Errorf("%s tells a foreign host: %s", path, answer.Body)
			}
		}
		check.Equal(t, "the style of the page for a foreign host", user.Send(http.MethodGet, style, "", foreign).Status, http.StatusOK)
		foreign["Content-Type"] = programtest.FormType
		answer := user.Send(http.MethodPost, "/add", programtest.Form("category", "planted", "price", "1").Encode(), foreign)
		check.Equal(t, "an add for a foreign host", answer.Status, http.StatusMisdirectedRequest)
		check.Contains(t, "its page", answer.Body, "evil.example", "EXPENSE_TRACKER_WEB_HOSTS")
		check.Equal(t, "what is stored", user.Get("/").Total(), "12.50")
		for _, path := range []string{"/healthz", "/readyz"} {
			check.Equal(t, path+" by any name", user.Send(http.MethodGet, path, "", foreign).Status, http.StatusOK)
		}
		check.Equal(t, "by localhost", user.Send(http.MethodGet, "/login", "", map[string]string{"Host": "localhost:5000"}).Status, http.StatusOK)
	}
}

func TestMadeUpHostsAddNoSeries(t *testing.T) {
	t.Parallel()
	user := programtest.Visit(t, programtest.Start(t, "memory:").URL)
	ask := func(from, to int) {
		for i := from; i < to; i++ {
			check.Equal(t, "status", user.Send(http.MethodGet, "/", "",
				map[string]string{"Host": fmt.Sprintf("host-%d.example:%d", i, i+1)}).Status, http.StatusMisdirectedRequest)
		}
	}
	ask(0, 1)
	series := func() int { return strings.Count(user.Get("/metrics").Body, "\nhttp_") } // jobs of the start bring others
	before := series()
	ask(1, 200)
	if after := series(); before == 0 || after > before+20 { // the first scrape's own route is among them
		t.Errorf("200 made-up hosts: %d series of HTTP, before %d", after, before)
	}
}

func TestListedHostsAreAnswered(t *testing.T) {
	t.Parallel()
	settings := programtest.WriteFile(t, "config.yaml", "web:\n  hosts: [Expenses.example.org, expense-tracker]\n")
	p := programtest.Start(t, "memory:", "--config", settings, "--metrics-listen", "127.0.0.1:0")
	user := programtest.Visit(t, p.URL)
	scraper := programtest.Visit(t, metricsOf(t, p))
	for host, status := range map[string]int{
		"expenses.example.org": http.StatusOK, "EXPENSES.example.org:443": http.StatusOK, "expense-tracker:5000": http.StatusOK,
		"evil.example": http.StatusMisdirectedRequest,
	} {
		check.Equal(t, host, user.Send(http.MethodGet, "/", "", map[string]string{"Host": host}).Status, status)
		check.Equal(t, host+" at the metrics' listener", scraper.Send(http.MethodGet, "/metrics", "",
			map[string]string{"Host": host}).Status, status)
	}
}

// Clients that are no browser may leave the host out, or name it in the request's first line.
func TestTheHostIsWhatTheRequestSays(t *testing.T) {
	t.Parallel()
	address := strings.TrimPrefix(programtest.Start(t, "memory:").URL, "http://")
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
