package programtest

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// DialFrom opens a connection to the program from an address of this machine.
func DialFrom(from, url string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return dialer.Dial("tcp", strings.TrimPrefix(url, "http://"))
}

// Crowd opens connections and leaves them quiet. They are closed after the test.
func Crowd(t *testing.T, from, url string, n int) []net.Conn {
	t.Helper()
	conns := make([]net.Conn, n)
	for i := range conns {
		conn, err := DialFrom(from, url)
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

// VisitFrom is visit from another address of this machine.
func VisitFrom(t *testing.T, from, url string) *Visitor {
	t.Helper()
	user := Visit(t, url)
	transport := &http.Transport{DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}).DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	user.HTTP.Transport = transport
	return user
}

// Tries is a get that may be refused.
func (v *Visitor) Tries(path string) int {
	response, err := v.HTTP.Get(v.URL + path)
	if err != nil {
		return 0
	}
	_ = response.Body.Close() // only its status was wanted
	return response.StatusCode
}
