package server

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// refusalNotice is how often the log says that connections are refused, at most.
const refusalNotice = time.Minute

// refusal is what a client gets for whom there is no connection.
const refusal = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n" +
	"Retry-After: 5\r\nConnection: close\r\nContent-Length: 46\r\n\r\n" +
	"Too many connections. Please try again later.\n"

// connections bounds the connections of the program's listeners, in all and for one address. Where there are too many, the one that has
// been quiet longest is closed for the next to come; only if each of them is being answered, the next is refused. Nobody waits unheard.
type connections struct {
	limit      int
	perAddress int
	logger     *slog.Logger

	mu        sync.Mutex
	open      map[net.Conn]*connection
	ofAddress map[netip.Prefix]int
	noticed   time.Time // when the log last said that a connection was refused
}

// connection is an open one.
type connection struct {
	from       netip.Prefix
	quietSince time.Time // zero while a request is being answered
}

func newConnections(limit, perAddress int, logger *slog.Logger) *connections {
	return &connections{limit: limit, perAddress: perAddress, logger: logger, open: map[net.Conn]*connection{},
		ofAddress: map[netip.Prefix]int{}}
}

// watch is a server's ConnState. A client that sends its request's header slowly counts as quiet: the server does not say that it has
// begun.
func (c *connections) watch(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		c.admit(conn, time.Now())
	case http.StateActive:
		c.mark(conn, time.Time{})
	case http.StateIdle:
		c.mark(conn, time.Now())
	case http.StateClosed, http.StateHijacked:
		c.mu.Lock()
		c.forget(conn)
		c.mu.Unlock()
	}
}

func (c *connections) mark(conn net.Conn, quietSince time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.open[conn]; known != nil {
		known.quietSince = quietSince
	}
}

// admit takes a new connection in, in place of a quiet one if it has to, or refuses it.
func (c *connections) admit(conn net.Conn, now time.Time) {
	from := neighbourhood(conn.RemoteAddr())
	c.mu.Lock()
	var leaves net.Conn
	full := len(c.open) >= c.limit
	crowded := c.ofAddress[from] >= c.perAddress
	if full || crowded {
		leaves = c.quietest(from, crowded)
	}
	refused := (full || crowded) && leaves == nil
	if !refused {
		c.forget(leaves)
		c.open[conn] = &connection{from: from, quietSince: now}
		c.ofAddress[from]++
	}
	notice := refused && now.Sub(c.noticed) >= refusalNotice
	if notice {
		c.noticed = now
	}
	open := len(c.open)
	c.mu.Unlock()
	if leaves != nil {
		_ = leaves.Close() // whoever was quiet on it opens another
	}
	if refused {
		_ = conn.SetWriteDeadline(now.Add(time.Second))
		_, _ = conn.Write([]byte(refusal)) // a courtesy
		_ = conn.Close()
	}
	if notice {
		c.logger.Warn("connections are refused: all that may be open are busy", "open", open, "limit", c.limit,
			"limit_per_address", c.perAddress)
	}
}

// quietest returns the connection that has been quiet longest, of one address only if own; nil if all are busy.
func (c *connections) quietest(from netip.Prefix, own bool) (found net.Conn) {
	var since time.Time
	for conn, candidate := range c.open {
		if candidate.quietSince.IsZero() || own && candidate.from != from {
			continue
		}
		if found == nil || candidate.quietSince.Before(since) {
			found, since = conn, candidate.quietSince
		}
	}
	return found
}

// forget drops a connection, if it is known.
func (c *connections) forget(conn net.Conn) {
	known := c.open[conn]
	if known == nil {
		return
	}
	delete(c.open, conn)
	if c.ofAddress[known.from]--; c.ofAddress[known.from] == 0 {
		delete(c.ofAddress, known.from)
	}
}

// neighbourhood returns what counts as one address: of IPv6 the 64 bits that one household has.
func neighbourhood(address net.Addr) netip.Prefix {
	const household = 64
	port, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return netip.Prefix{}
	}
	ip := port.Addr().Unmap().WithZone("")
	bits := ip.BitLen()
	if ip.Is6() {
		bits = household
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}

// connectionLimit returns how many connections there may be: as many as were set, if the files that the process may open suffice for them
// beside those of the storage.
func connectionLimit(set, databaseConnections int, logger *slog.Logger) int {
	const (
		own           = 40 // standard streams, listeners, pollers, files of the moment
		ofOneDatabase = 4  // SQLite opens three for each connection
		least         = 8
	)
	files, known := descriptorLimit()
	if !known {
		return set
	}
	possible := max(least, files-own-ofOneDatabase*databaseConnections)
	if possible >= set {
		return set
	}
	logger.Warn("fewer connections than web.max_connections can be open: the process may not open more files", "files", files,
		"connections", possible)
	return possible
}
