package deployment_test

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

// ask sends a request from an address of the loopback for the client that a proxy there says it is for, and returns the answer.
func ask(t *testing.T, site, from, client string) (answer *http.Response, body string, err error) {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	transport := &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site, nil)
	if err != nil {
		t.Fatal(err)
	}
	if client != "" {
		request.Header.Set("X-Forwarded-For", client)
	}
	answer, err = transport.RoundTrip(request)
	if err != nil {
		return nil, "", err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(answer.Body)
	return answer, string(text), err
}

// refused demands the answer for who asks for too much.
func refused(t *testing.T, who string, answer *http.Response, body string, err error) {
	t.Helper()
	if err != nil || answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") != "10" ||
		!strings.Contains(body, "Nothing was done") {
		t.Errorf("%s: %v, %v, %q", who, answer, err, body)
	}
}

func served(t *testing.T, who string, answer *http.Response, err error) {
	t.Helper()
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("%s: %v, %v", who, answer, err)
	}
}

func TestTheFrontBoundsWhatOneClientAsksFor(t *testing.T) {
	t.Parallel()
	const most = 20
	_, people := startFront(t, fmt.Sprint("CLIENT_REQUESTS=", most))
	for n := range most {
		answer, _, err := ask(t, people.URL, "127.0.0.1", "203.0.113.7")
		served(t, fmt.Sprint("request ", n), answer, err)
	}
	answer, body, err := ask(t, people.URL, "127.0.0.1", "203.0.113.7")
	refused(t, "one more", answer, body, err)
	answer, _, err = ask(t, people.URL, "127.0.0.1", "203.0.113.8")
	served(t, "another client of the same proxy", answer, err)
	// What a client says before the proxy is not the proxy's word.
	answer, body, err = ask(t, people.URL, "127.0.0.1", "198.51.100.1, 203.0.113.7")
	refused(t, "the same under another name", answer, body, err)
	// An IPv6 client has a whole network of addresses.
	for n := range most {
		answer, _, err = ask(t, people.URL, "127.0.0.1", fmt.Sprintf("2001:db8::%x", n+1))
		served(t, fmt.Sprint("request by IPv6 ", n), answer, err)
	}
	answer, body, err = ask(t, people.URL, "127.0.0.1", "2001:db8::ffff")
	refused(t, "another address of its network", answer, body, err)
}

// strangers makes of 127.0.0.2 an address of the internet.
const strangers = "acl neighbour src 127.0.0.1 "

func TestTheFrontBelievesNoStrangerWhoItIs(t *testing.T) {
	t.Parallel()
	const most = 20
	_, people := startFrontAs(t, strangers, fmt.Sprint("CLIENT_REQUESTS=", most))
	for n := range most {
		answer, _, err := ask(t, people.URL, "127.0.0.2", fmt.Sprint("203.0.113.", n))
		served(t, fmt.Sprint("request ", n), answer, err)
	}
	answer, body, err := ask(t, people.URL, "127.0.0.2", "203.0.113.200")
	refused(t, "a stranger who says that it is another", answer, body, err)
}

func TestTheFrontBoundsWhatOneClientDoesAtOnce(t *testing.T) {
	t.Parallel()
	const most = 5
	_, people := startFrontAs(t, strangers, fmt.Sprint("CLIENT_AT_ONCE=", most), fmt.Sprint("CLIENT_CONNECTIONS=", 3*most))
	address := strings.TrimPrefix(people.URL, "http://")
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP("127.0.0.2")}}
	open := func(text string) net.Conn {
		connection, err := dialer.DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		if _, err := io.WriteString(connection, text); err != nil {
			t.Fatal(err)
		}
		return connection
	}
	for range most { // forms that do not come to their end
		open("POST /add HTTP/1.1\r\nHost: a\r\nContent-Type: " + programtest.FormType + "\r\nContent-Length: 100\r\n\r\ncategory=")
	}
	await(t, time.Minute, "the next one is refused", func() bool {
		answer, body, err := ask(t, people.URL, "127.0.0.2", "")
		if err == nil && answer.StatusCode == http.StatusOK {
			return false // HAProxy has not read them all yet
		}
		refused(t, "one more form", answer, body, err)
		return true
	})
	answer, _, err := ask(t, people.URL, "127.0.0.1", "")
	served(t, "somebody else", answer, err)
	// Connections on which nothing is asked.
	var last net.Conn
	for range 3 * most {
		last = open("")
	}
	if err := last.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(last).ReadByte(); err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("a connection too many is held: %v", err)
	}
	answer, _, err = ask(t, people.URL, "127.0.0.1", "")
	served(t, "somebody else with a new connection", answer, err)
}

// A household's phones and laptops behind one address, or an office's, never come near the bounds.
func TestTheFrontsBoundsAreFarAboveAHouseholds(t *testing.T) {
	const (
		people  = 50
		page    = 10 // requests for a page with what belongs to it
		seconds = 10
	)
	for name, least := range map[string]int{"CLIENT_REQUESTS": people * page / 5 * seconds, "CLIENT_AT_ONCE": people * 2, "CLIENT_CONNECTIONS": people * 6} {
		var ours, composes int
		_, after, _ := strings.Cut(read(t, "deploy/proxy/haproxy.cfg"), name+"-")
		if _, err := fmt.Sscan(strings.SplitN(after, "}", 2)[0], &ours); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := fmt.Sscan(setting(t, loadCompose(t).Services["proxy"].Environment, name), &composes); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if ours < least || ours != composes {
			t.Errorf("%s is %d, and in compose %d; %d people may need %d", name, ours, composes, people, least)
		}
	}
}

// What does not look into a form sends none again: a log-in would be made twice.
func TestNoProxyRepeatsFormsUnseen(t *testing.T) {
	if err := filepath.WalkDir(project.Path(t, "deploy"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		for line := range strings.Lines(string(readPath(t, path))) {
			if !strings.HasPrefix(strings.TrimSpace(line), "#") && strings.Contains(line, "non_idempotent") {
				t.Errorf("%s: %s", path, line)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
