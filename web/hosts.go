package web

import (
	"net/http"
	"net/netip"
	"strings"

	"expense-tracker/web/internal/problem"
)

// Hosts says by which names a program may be asked. A page of another site can make that site's name lead here, and then a browser takes
// us for that site: only the name in the request tells. The zero Hosts answers to this machine's own names and addresses.
type Hosts struct {
	anyAddress bool
	anyName    bool
	names      map[string]bool // lower case, without a dot at the end
}

// AnyHost is the name in NewHosts that stands for all.
const AnyHost = "*"

// NewHosts returns the hosts of a listener: localhost and the names below it, the names given, and addresses: those of this machine for
// itself if the listener is loopback, else all, for an address cannot be made to lead elsewhere.
func NewHosts(loopback bool, names ...string) Hosts {
	h := Hosts{anyAddress: !loopback, names: make(map[string]bool, len(names))}
	for _, name := range names {
		h.anyName = h.anyName || name == AnyHost
		h.names[tidyHost(name)] = true
	}
	return h
}

// Allow reports whether a request with that Host header is meant for this program. A header that names none is not.
func (h Hosts) Allow(header string) bool {
	if h.anyName {
		return true
	}
	host, bracketed, ok := cutPort(header)
	if !ok {
		return false
	}
	if address, err := netip.ParseAddr(host); err == nil {
		return bracketed == address.Is6() && (h.anyAddress || address.Unmap().IsLoopback() || h.names[host])
	}
	host = tidyHost(host)
	return !bracketed && host != "" && (host == "localhost" || strings.HasSuffix(host, ".localhost") || h.names[host])
}

// cutPort returns the host of a Host header, and whether it stands in brackets, as IPv6 addresses do.
func cutPort(header string) (host string, bracketed, ok bool) {
	rest := ""
	if strings.HasPrefix(header, "[") {
		host, rest, bracketed = strings.Cut(header[1:], "]")
		if !bracketed {
			return "", false, false
		}
	} else if colon := strings.IndexByte(header, ':'); colon >= 0 {
		host, rest = header[:colon], header[colon:]
	} else {
		host = header
	}
	isPort := rest == "" || rest[0] == ':' && strings.Trim(rest[1:], "0123456789") == ""
	return host, bracketed, isPort
}

// named returns what a Host header names, as a setting would: without a port.
func named(header string) string {
	if host, bracketed, ok := cutPort(header); ok && !bracketed {
		return host
	}
	return header
}

func tidyHost(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// OnlyAt returns a handler that hands on the requests for the hosts, and refuses others with a page that says what to set. Others get the
// site's own style, icon and scripts, which everybody may read: without them nobody could read the page either.
func (s *Site) OnlyAt(hosts Hosts, next http.Handler) http.Handler {
	refuse := s.securityHeaders(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := s.mux.Handler(r); pattern == "GET /static/{file}" {
			s.mux.ServeHTTP(w, r)
			return
		}
		s.problems.Answer(w, r, problem.Misdirected(named(r.Host)))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hosts.Allow(r.Host) {
			next.ServeHTTP(w, r)
			return
		}
		refuse.ServeHTTP(w, r)
	})
}
