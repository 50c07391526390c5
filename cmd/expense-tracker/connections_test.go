package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/program"
)

// dialFrom opens a connection to the program from an address of this machine.
func dialFrom(from, url string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return dialer.Dial("tcp", strings.TrimPrefix(url, "http://"))
}

// crowd opens connections and leaves them quiet. They are closed after the test.
func crowd(t *testing.T, from, url string, n int) []net.Conn {
	t.Helper()
	conns := make([]net.Conn, n)
	for i := range conns {
		conn, err := dialFrom(from, url)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		t.Cleanup(func() { _ = conn.Close() }) // the program may have done so
		if i%2 == 0 {                          // the others have not asked for anything yet
			_, _ = fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") // one that is closed already says so when it is read
		}
		conns[i] = conn
	}
	return conns
}

// stillOpen counts the connections that the program has not closed.
func stillOpen(conns []net.Conn) (n int) {
	for _, conn := range conns {
		_ = conn.SetReadDeadline(time.Now().Add(time.Millisecond))
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			n++
		}
	}
	return n
}

// visitFrom is visit from another address of this machine.
func visitFrom(t *testing.T, from, url string) *visitor {
	t.Helper()
	user := visit(t, url)
	transport := &http.Transport{DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}).DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	user.http.Transport = transport
	return user
}

// tries is a get that may be refused.
func (v *visitor) tries(path string) int {
	response, err := v.http.Get(v.url + path)
	if err != nil {
		return 0
	}
	_ = response.Body.Close() // only its status was wanted
	return response.StatusCode
}

func limited(t *testing.T, all, one int) string {
	t.Helper()
	return writeFile(t, "config.yaml", fmt.Sprintf("web:\n  max_connections: %d\n  max_connections_per_address: %d\n", all, one))
}

// However many connections one client holds and leaves quiet, they are bounded, and it and others are answered.
func TestQuietConnectionsMakeRoom(t *testing.T) {
	t.Parallel()
	p := start(t, "memory:", "--config", limited(t, 60, 40))
	held := append(crowd(t, "127.0.0.1", p.URL, 200), crowd(t, "127.0.0.2", p.URL, 200)...)
	for _, from := range []string{"127.0.0.1", "127.0.0.2", "127.0.0.3"} {
		user, asked := visitFrom(t, from, p.URL), time.Now()
		user.add("food", "1.00")
		if took := time.Since(asked); took > 5*time.Second {
			t.Errorf("somebody from %s waits for %s", from, took)
		}
	}
	eventually(t, 10*time.Second, "at most 60 connections are open", func() bool { return stillOpen(held) <= 60 })
	if n := stillOpen(held[:200]); n > 40 {
		t.Errorf("one address holds %d connections", n)
	}
}

// A client that keeps all its connections busy is refused more at once, and others are answered.
func TestBusyConnectionsOfOneAddressLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	p := start(t, "memory:", "--config", limited(t, 60, 20))
	const posting = "POST /add HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + formType + "\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"
	for i := range 20 {
		conn, err := dialFrom("127.0.0.1", p.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() }) // the program may have done so
		if _, err := fmt.Fprint(conn, posting); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
			t.Fatalf("post %d: %q, %v", i, line, err)
		}
	}
	conn, err := dialFrom("127.0.0.1", p.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // it was only read
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 503 ") || !strings.HasSuffix(string(answer), "try again later.\n") {
		t.Errorf("one connection too many: %q, %v", answer, err)
	}
	expect(t, "somebody else", visitFrom(t, "127.0.0.2", p.URL).tries("/"), http.StatusOK)
	contains(t, "the log", p.Output(), "connections are refused")
}

// Where few files may be open, connections are bounded before they run out: pages, probes and the storage go on.
func TestFewFilesAreEnough(t *testing.T) {
	onEach(t, durableStorages(), func(t *testing.T, storage string) {
		const files = "128"
		p, err := program.Launch("/bin/sh", home(t), "-c", `ulimit -n `+files+` && exec "$0" "$@"`, binary(t), "--storage", storage, "--listen", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := p.Kill(); err != nil {
				t.Errorf("end the program: %v", err)
			}
		})
		if err := p.AwaitURL(t.Context()); err != nil {
			t.Fatal(err)
		}
		contains(t, "the log", p.Output(), "fewer connections than web.max_connections", "files="+files)
		held := crowd(t, "127.0.0.1", p.URL, 500)
		user := visit(t, p.URL)
		user.add("food", "1.00")
		expect(t, "readiness", user.get("/readyz").status, http.StatusOK)
		expect(t, "rows", stored(t, storage), 1)
		for _, conn := range held {
			_ = conn.Close() // the program may have done so
		}
		user.add("food", "2.00")
		expect(t, "total afterwards", user.get("/").total(), "3.00")
		if log := p.Output(); strings.Contains(log, "too many open files") {
			t.Errorf("files ran out:\n%s", tail(log))
		}
	})
}

func TestWhatCountsAsOneAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"127.0.0.1:1": "127.0.0.1/32", "[::ffff:10.0.0.1]:1": "10.0.0.1/32", "[2001:db8:1:2:3::4]:1": "2001:db8:1:2::/64", "[fe80::1%lo]:1": "fe80::/64",
	} {
		port, err := netip.ParseAddrPort(address)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, address, neighbourhood(net.TCPAddrFromAddrPort(port)).String(), want)
	}
}
