package deployment_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

// reply is what HAProxy answered.
type reply struct {
	status      int
	after, body string
	err         error
}

// ask sends a request from an address of the loopback, for the client that a proxy there says it is for.
func ask(t *testing.T, site, from, client string) (got reply) {
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
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return reply{err: err}
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, answer.Header.Get("Retry-After"), string(text), err}
}

// refused demands the answer for who asks for too much.
func refused(t *testing.T, who string, got reply) {
	t.Helper()
	if got.err != nil || got.status != http.StatusTooManyRequests || got.after != "10" || !strings.Contains(got.body, "Nothing was done") {
		t.Errorf("%s: %+v", who, got)
	}
}

func served(t *testing.T, who string, got reply) {
	t.Helper()
	if got.err != nil || got.status != http.StatusOK {
		t.Errorf("%s: %+v", who, got)
	}
}

func TestTheFrontBoundsWhatOneClientAsksFor(t *testing.T) {
	t.Parallel()
	const most = 20
	_, people := startFront(t, fmt.Sprint("CLIENT_REQUESTS=", most))
	for n := range most {
		served(t, fmt.Sprint("request ", n), ask(t, people.URL, "127.0.0.1", "203.0.113.7"))
	}
	refused(t, "one more", ask(t, people.URL, "127.0.0.1", "203.0.113.7"))
	served(t, "another client of the same proxy", ask(t, people.URL, "127.0.0.1", "203.0.113.8"))
	// What a client says before the proxy is not the proxy's word.
	refused(t, "the same under another name", ask(t, people.URL, "127.0.0.1", "198.51.100.1, 203.0.113.7"))
	// An IPv6 client has a whole network of addresses.
	for n := range most {
		served(t, fmt.Sprint("request by IPv6 ", n), ask(t, people.URL, "127.0.0.1", fmt.Sprintf("2001:db8::%x", n+1)))
	}
	refused(t, "another address of its network", ask(t, people.URL, "127.0.0.1", "2001:db8::ffff"))
}

// strangers makes of 127.0.0.2 an address of the internet.
const strangers = "acl neighbour src 127.0.0.1 "

func TestTheFrontBelievesNoStrangerWhoItIs(t *testing.T) {
	t.Parallel()
	const most = 20
	_, people := startFrontAs(t, strangers, fmt.Sprint("CLIENT_REQUESTS=", most))
	for n := range most {
		served(t, fmt.Sprint("request ", n), ask(t, people.URL, "127.0.0.2", fmt.Sprint("203.0.113.", n)))
	}
	refused(t, "a stranger who says that it is another", ask(t, people.URL, "127.0.0.2", "203.0.113.200"))
}

// connect opens a connection from an address of the loopback, and writes something.
func connect(t *testing.T, site, from, text string) (net.Conn, error) {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	connection, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(site, "http://"))
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = connection.Close() })
	_, err = io.WriteString(connection, text)
	return connection, err
}

func TestTheFrontBoundsWhatOneClientDoesAtOnce(t *testing.T) {
	t.Parallel()
	const most = 5
	_, people := startFrontAs(t, strangers, fmt.Sprint("CLIENT_AT_ONCE=", most))
	form := "POST /add HTTP/1.1\r\nHost: a\r\nContent-Type: " + programtest.FormType + "\r\nContent-Length: 100\r\n\r\ncategory="
	await(t, 2*time.Minute, "one more form than may be under way is refused", func() bool {
		for range most { // that do not come to their end, for as long as HAProxy waits for them
			if _, err := connect(t, people.URL, "127.0.0.2", form); err != nil {
				t.Fatal(err)
			}
		}
		got := ask(t, people.URL, "127.0.0.2", "")
		if got.err == nil && got.status == http.StatusOK {
			return false // HAProxy has not read them all yet, or not any more
		}
		refused(t, "one more form", got)
		return true
	})
	served(t, "somebody else", ask(t, people.URL, "127.0.0.1", ""))
}

func TestTheFrontBoundsTheConnectionsOfAStranger(t *testing.T) {
	t.Parallel()
	const most, more = 10, 5
	_, people := startFrontAs(t, strangers, fmt.Sprint("CLIENT_CONNECTIONS=", most))
	closed := 0
	var open []net.Conn
	for range most + more { // on which nothing is asked
		one, err := connect(t, people.URL, "127.0.0.2", "")
		if err != nil { // closed as soon as it was there
			closed++
			continue
		}
		open = append(open, one)
	}
	await(t, 10*time.Second, "connections beyond the bound are closed", func() bool {
		found := closed
		for _, one := range open {
			if err := one.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			if _, err := one.Read(make([]byte, 1)); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				found++
			}
		}
		return found == more
	})
	served(t, "somebody else", ask(t, people.URL, "127.0.0.1", ""))
}

// A household's phones and laptops behind one address, or an office's, never come near the bounds.
func TestTheFrontsBoundsAreFarAboveAHouseholds(t *testing.T) {
	const (
		people  = 50
		page    = 10 // requests for a page with what belongs to it
		seconds = 10
	)
	for name, least := range map[string]int{
		"CLIENT_REQUESTS": people * page / 5 * seconds, "CLIENT_AT_ONCE": people * 2, "CLIENT_CONNECTIONS": people * 6,
	} {
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
