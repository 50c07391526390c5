package program_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// inFlight is a POST whose body the program is waiting for.
type inFlight struct {
	conn   net.Conn
	reader *bufio.Reader
	body   string
}

// begin sends an add without its body and returns when the handler asks for that.
func begin(t *testing.T, url string) *inFlight {
	t.Helper()
	host := strings.TrimPrefix(url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // the program may have closed it
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	r := &inFlight{conn: conn, reader: bufio.NewReader(conn), body: programtest.Form("category", "late", "price", "1.00").Encode()}
	if _, err := fmt.Fprintf(conn, "POST /add HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		host, programtest.FormType, len(r.body)); err != nil {
		t.Fatal(err)
	}
	status, err := r.reader.ReadString('\n')
	if err != nil || !strings.Contains(status, "100") {
		t.Fatalf("the program answers %q, %v", status, err)
	}
	if _, err := r.reader.ReadString('\n'); err != nil { // the empty line
		t.Fatal(err)
	}
	return r
}

// finish sends the body and returns the status of the answer.
func (r *inFlight) finish(t *testing.T) int {
	t.Helper()
	if _, err := fmt.Fprint(r.conn, r.body); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(r.reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	return answer.StatusCode
}

func TestASignalEndsTheProgramInGoodOrder(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storage := programtest.NewSQLite(t)
			const settings = "shutdown: {drain: 5s}\ndatabase: {operation_timeout: 15s}\n" // an add under way lasts as long as the drain
			p := programtest.Start(t, storage, "--config", programtest.WriteFile(t, "config.yaml", settings))
			user := programtest.Visit(t, p.URL)
			check.Equal(t, "/readyz", user.Get("/readyz").Status, http.StatusOK)
			request := begin(t, p.URL)
			if err := p.Signal(signal); err != nil {
				t.Fatal(err)
			}
			check.Eventually(t, 5*time.Second, "/readyz says 503",
				func() bool { return user.Get("/readyz").Status == http.StatusServiceUnavailable })
			check.Equal(t, "/healthz", user.Get("/healthz").Status, http.StatusOK)
			check.Equal(t, "a page while it is drained", user.Get("/").Status, http.StatusOK)
			check.Eventually(t, 30*time.Second, "the listener is closed", func() bool {
				conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
				if err == nil {
					_ = conn.Close() // it was only a knock
				}
				return err != nil
			})
			check.Equal(t, "the request in flight", request.finish(t), http.StatusSeeOther)
			if err := p.Wait(); err != nil {
				t.Fatalf("the program's end: %v", err)
			}
			check.Equal(t, "rows", programtest.Stored(t, storage), 1)
		})
	}
}

func TestAShutdownIsBounded(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:", "--config", programtest.WriteFile(t, "config.yaml", "shutdown:\n  timeout: 500ms\n"))
	begin(t, p.URL) // and never finish
	if err := p.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	sent := time.Now()
	if err := p.Wait(); err == nil {
		t.Error("the program does not say with its exit code that it cut a request off")
	}
	if took := time.Since(sent); took > 5*time.Second {
		t.Errorf("the end took %s", took)
	}
	check.Contains(t, "the program", p.Output(), "cut off")
}

func TestASignalEndsAStartThatWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	p := programtest.Launch(t, "postgres://user@127.0.0.1:1/expenses")
	check.Eventually(t, 30*time.Second, "the start waits", func() bool { return strings.Contains(p.Output(), "trying again") })
	if err := p.Stop(); err != nil {
		t.Fatalf("the program's end: %v", err)
	}
}
