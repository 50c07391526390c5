package site

import (
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Way hands connections on to an address, and may be slow.
type Way struct {
	listener net.Listener
	to       string
	delay    atomic.Int64 // of what comes back, in nanoseconds
}

// NewWay opens one on a free port of the loopback.
func NewWay(to string) (*Way, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once
	if err != nil {
		return nil, err
	}
	w := &Way{listener: listener, to: to}
	go w.serve()
	return w, nil
}

// Address returns HOST:PORT.
func (w *Way) Address() string { return w.listener.Addr().String() }

// Slow has what comes back take so much longer.
func (w *Way) Slow(by time.Duration) { w.delay.Store(int64(by)) }

// Close takes no more connections. None at all is closed.
func (w *Way) Close() {
	if w != nil {
		_ = w.listener.Close() // nobody asks any more
	}
}

func (w *Way) serve() {
	for {
		in, err := w.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", w.to) //nolint:noctx // at once
		if err != nil {
			_ = in.Close() // as a server that is away does
			continue
		}
		go w.carry(out, in, false)
		go w.carry(in, out, true)
	}
}

// carry copies until one side ends, which ends the other.
func (w *Way) carry(to, from net.Conn, slow bool) {
	defer func() { _, _ = to.Close(), from.Close() }()
	part := make([]byte, 64<<10)
	for {
		n, err := from.Read(part)
		if delay := w.delay.Load(); slow && delay > 0 {
			time.Sleep(time.Duration(delay))
		}
		if n > 0 {
			if _, err := to.Write(part[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// Through answers what a URL does, with something changed.
func Through(url string, change func(text []byte) []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, url, nil)
		if err != nil {
			return
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer response.Body.Close() //nolint:errcheck // read
		text, err := io.ReadAll(response.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		_, _ = w.Write(change(text)) // a scrape that is gone wants nothing
	})
}
