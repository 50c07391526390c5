package postgres

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// connectTimeoutOfMany is connectTimeout for each host of several: a dead one must leave the others time within one call.
const connectTimeoutOfMany = 2 * time.Second

// Bounds of looking a host's name up where there are others. All are looked up before any is asked, and the name of a machine that is gone
// may be asked for from servers that do not answer.
const (
	lookupTimeout = time.Second
	lookupPause   = 5 * time.Second // after a failure: so long the host is left out at once
)

var errNoName = errors.New("the name was not found a moment ago")

// hosts remembers which of several hosts the latest connection was made to. The next one looks there first: after a failover only one
// connection has to find out that the first host is dead, and not each.
type hosts struct {
	count  int // of different names
	mu     sync.Mutex
	names  map[string]string    // of addresses
	gone   map[string]time.Time // names that were not found: until when they are left out
	latest string               // HOST:PORT
}

// follower makes connections find the primary, wherever it has moved.
type follower struct {
	hosts   hosts
	several bool
}

// newFollower returns a follower of the hosts of a configuration.
func newFollower(config *pgx.ConnConfig) *follower {
	different := map[string]bool{config.Host: true}
	for _, f := range config.Fallbacks {
		different[f.Host] = true
	}
	return &follower{several: severalHosts(config), hosts: hosts{count: len(different)}}
}

// options are what a connector has to be made with. More is done with each new connection.
func (f *follower) options(more ...func(context.Context, *pgx.Conn) error) []stdlib.OptionOpenDB {
	made, used := append([]func(context.Context, *pgx.Conn) error{born}, more...), inTurn(aged)
	options := []stdlib.OptionOpenDB{}
	if f.several {
		made, used = append(made, f.hosts.found), inTurn(aged, stillPrimary)
		options = append(options, stdlib.OptionBeforeConnect(f.hosts.latestFirst))
	}
	return append(options, stdlib.OptionAfterConnect(inTurn(made...)), stdlib.OptionResetSession(used))
}

// inTurn does one thing after the other, until one fails.
func inTurn(all ...func(context.Context, *pgx.Conn) error) func(context.Context, *pgx.Conn) error {
	return func(ctx context.Context, conn *pgx.Conn) error {
		for _, one := range all {
			if err := one(ctx, conn); err != nil {
				return err
			}
		}
		return nil
	}
}

func hostOf(host string, port uint16) string { return net.JoinHostPort(host, strconv.Itoa(int(port))) }

// severalHosts reports whether a URL names more than one.
func severalHosts(config *pgx.ConnConfig) bool {
	first := hostOf(config.Host, config.Port)
	return slices.ContainsFunc(config.Fallbacks, func(f *pgconn.FallbackConfig) bool { return hostOf(f.Host, f.Port) != first })
}

// leaveOut leaves a host out for a while. Where that would be all of them, as in an outage of the name server, none is.
func (h *hosts) leaveOut(host string) {
	now := time.Now()
	h.gone[host] = now.Add(lookupPause)
	maps.DeleteFunc(h.gone, func(_ string, until time.Time) bool { return !now.Before(until) })
	if len(h.gone) == h.count {
		clear(h.gone)
	}
}

// lookup is a lookup that notes whose each address is, ends in time, and is not tried again for a while where it failed. That a call has
// ended meanwhile says nothing about the name.
func (h *hosts) lookup(resolve pgconn.LookupFunc) pgconn.LookupFunc {
	return func(ctx context.Context, host string) ([]string, error) {
		h.mu.Lock()
		out := time.Now().Before(h.gone[host])
		h.mu.Unlock()
		if out {
			return nil, errNoName
		}
		bounded, cancel := context.WithTimeout(ctx, lookupTimeout)
		defer cancel()
		addresses, err := resolve(bounded, host)
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.names == nil {
			h.names, h.gone = map[string]string{}, map[string]time.Time{}
		}
		if err != nil && ctx.Err() == nil {
			h.leaveOut(host)
		}
		for _, address := range addresses {
			h.names[address] = host
		}
		return addresses, err
	}
}

// found notes the host of a connection that is fit for use.
func (h *hosts) found(_ context.Context, conn *pgx.Conn) error {
	address, port, err := net.SplitHostPort(conn.PgConn().Conn().RemoteAddr().String())
	if err != nil {
		return nil // a socket of this machine, which has no fallback
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.latest = net.JoinHostPort(cmp.Or(h.names[address], address), port)
	return nil
}

// latestFirst puts the host that was found latest before the others of a configuration that is the connection's own, and gives each no more
// than its share of the time that the call has.
func (h *hosts) latestFirst(ctx context.Context, config *pgx.ConnConfig) error {
	config.LookupFunc = h.lookup(config.LookupFunc)
	h.mu.Lock()
	latest := h.latest
	h.mu.Unlock()
	all := append([]*pgconn.FallbackConfig{{Host: config.Host, Port: config.Port, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
	slices.SortStableFunc(all, func(a, b *pgconn.FallbackConfig) int {
		return cmp.Compare(rank(a, latest), rank(b, latest))
	})
	if end, bounded := ctx.Deadline(); bounded {
		config.ConnectTimeout = min(config.ConnectTimeout, max(time.Until(end), time.Millisecond)/time.Duration(countHosts(all)))
	}
	config.Host, config.Port, config.TLSConfig, config.Fallbacks = all[0].Host, all[0].Port, all[0].TLSConfig, all[1:]
	return nil
}

func countHosts(all []*pgconn.FallbackConfig) int {
	different := map[string]bool{}
	for _, one := range all {
		different[hostOf(one.Host, one.Port)] = true
	}
	return len(different)
}

func rank(f *pgconn.FallbackConfig, first string) int {
	if hostOf(f.Host, f.Port) == first {
		return 0
	}
	return 1
}
