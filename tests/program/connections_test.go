package program_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

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

func limited(t *testing.T, all, one int) string {
	t.Helper()
	return programtest.WriteFile(t, "config.yaml", fmt.Sprintf("web:\n  max_connections: %d\n  max_connections_per_address: %d\n", all, one))
}

// However many connections one client holds and leaves quiet, they are bounded, and it and others are answered.
func TestQuietConnectionsMakeRoom(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:", "--config", limited(t, 60, 40))
	held := append(programtest.Crowd(t, "127.0.0.1", p.URL, 200), programtest.Crowd(t, "127.0.0.2", p.URL, 200)...)
	for _, from := range []string{"127.0.0.1", "127.0.0.2", "127.0.0.3"} {
		user, asked := programtest.VisitFrom(t, from, p.URL), time.Now()
		user.Add("food", "1.00")
		if took := time.Since(asked); took > 5*time.Second {
			t.Errorf("somebody from %s waits for %s", from, took)
		}
	}
	check.Eventually(t, 30*time.Second, "at most 60 connections are open", func() bool { return stillOpen(held) <= 60 })
	if n := stillOpen(held[:200]); n > 40 {
		t.Errorf("one address holds %d connections", n)
	}
}

// A client that keeps all its connections busy is refused more at once, and others are answered.
func TestBusyConnectionsOfOneAddressLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:", "--config", limited(t, 60, 20))
	const posting = "POST /add HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + programtest.FormType +
		"\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"
	for i := range 20 {
		conn, err := programtest.DialFrom("127.0.0.1", p.URL)
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
	conn, err := programtest.DialFrom("127.0.0.1", p.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // it was only read
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 503 ") || !strings.HasSuffix(string(answer), "try again later.\n") {
		t.Errorf("one connection too many: %q, %v", answer, err)
	}
	check.Equal(t, "somebody else", programtest.VisitFrom(t, "127.0.0.2", p.URL).Tries("/"), http.StatusOK)
	check.Contains(t, "the log", p.Output(), "connections are refused")
}

// Where few files may be open, connections are bounded before they run out: pages, probes and the storage go on.
func TestFewFilesAreEnough(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		const files = "128"
		p, err := program.Launch("/bin/sh", programtest.Home(t), "-c", `ulimit -n `+files+` && exec "$0" "$@"`, programtest.Binary(t),
			"--storage", storage, "--listen", "127.0.0.1:0")
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
		check.Contains(t, "the log", p.Output(), "fewer connections than web.max_connections", "files="+files)
		held := programtest.Crowd(t, "127.0.0.1", p.URL, 500)
		user := programtest.Visit(t, p.URL)
		user.Add("food", "1.00")
		check.Equal(t, "readiness", user.Get("/readyz").Status, http.StatusOK)
		check.Equal(t, "rows", programtest.Stored(t, storage), 1)
		for _, conn := range held {
			_ = conn.Close() // the program may have done so
		}
		user.Add("food", "2.00")
		check.Equal(t, "total afterwards", user.Get("/").Total(), "3.00")
		if log := p.Output(); strings.Contains(log, "too many open files") {
			t.Errorf("files ran out:\n%s", programtest.Tail(log))
		}
	})
}
