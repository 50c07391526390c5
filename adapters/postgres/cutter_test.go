package postgres_test

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
)

// cut says where a cutter breaks a connection.
type cut struct {
	answers bool // at what the server sends, rather than at what the program sends
	message int  // before which message since it was armed, from 1
	inside  bool // not before the message, but after half of it
	reset   bool // with an RST, rather than in good order
	down    bool // and nobody gets through any more, until it is healed
}

// cutter stands between the program and the server, knows where their messages begin, and breaks the connection at one of them.
type cutter struct {
	address string
	server  string

	mu     sync.Mutex
	armed  *cut
	passed int // messages in the armed direction
	done   bool
	down   bool
	open   map[*pair]struct{}
}

// pair is one connection's two halves.
type pair struct{ near, far *net.TCPConn }

func newCutter(t *testing.T, server string) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{address: listener.Addr().String(), server: server, open: make(map[*pair]struct{})}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { c.connect(near.(*net.TCPConn)) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close() // which ends the loop above
		c.mu.Lock()
		c.down = true
		c.endAll(false)
		c.mu.Unlock()
		running.Wait()
	})
	return c
}

func (c *cutter) connect(near *net.TCPConn) {
	far, err := net.Dial("tcp", c.server)
	if err != nil {
		_ = near.Close() // as a server that is down would
		return
	}
	p := &pair{near: near, far: far.(*net.TCPConn)}
	c.mu.Lock()
	c.open[p] = struct{}{}
	if c.down {
		c.end(p, true)
	}
	c.mu.Unlock()
	var passing sync.WaitGroup
	passing.Go(func() { c.pass(p, p.near, p.far, false) })
	passing.Go(func() { c.pass(p, p.far, p.near, true) })
	passing.Wait()
	c.mu.Lock()
	delete(c.open, p)
	c.mu.Unlock()
}

// pass hands on message by message, until one side ends.
func (c *cutter) pass(p *pair, from, to *net.TCPConn, answers bool) {
	defer func() { _, _ = from.Close(), to.Close() }()
	const typed, length = 1, 4
	head := 0 // the program's first message has no type
	if answers {
		head = typed
	}
	for {
		message := make([]byte, head+length)
		if _, err := io.ReadFull(from, message); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(message[head:])-length)
		if _, err := io.ReadFull(from, body); err != nil {
			return
		}
		message = append(message, body...)
		head = typed
		if c.cutHere(p, to, message, answers) {
			return
		}
		if _, err := to.Write(message); err != nil {
			return
		}
	}
}

func (c *cutter) cutHere(p *pair, to io.Writer, message []byte, answers bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.armed == nil || c.done || c.armed.answers != answers {
		return false
	}
	if c.passed++; c.passed < c.armed.message {
		return false
	}
	c.done = true
	if c.armed.inside {
		_, _ = to.Write(message[:len(message)/2]) // its end is what counts
	}
	if c.armed.down {
		c.down = true
		c.endAll(c.armed.reset)
	}
	c.end(p, c.armed.reset)
	return true
}

func (c *cutter) end(p *pair, reset bool) {
	if reset {
		_ = p.near.SetLinger(0)
	}
	_, _ = p.near.Close(), p.far.Close()
}

func (c *cutter) endAll(reset bool) {
	for p := range c.open {
		c.end(p, reset)
	}
}

// arm makes the cutter break the next connection that comes to the place.
func (c *cutter) arm(at cut) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armed, c.passed, c.done = &at, 0, false
}

// heal lets everything pass again, and reports whether a connection was broken since arm.
func (c *cutter) heal() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armed, c.down = nil, false
	return c.done
}
