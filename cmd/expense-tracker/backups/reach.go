package backups

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// reach looks whether the server of an S3-compatible place answers at all. restic itself would go on trying for a quarter of an hour.
// Where a proxy leads there, it is the only one to know.
func (r Repository) reach(ctx context.Context) error {
	server := r.server()
	if server == nil {
		return nil
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: server}); proxy != nil || err != nil {
		return err
	}
	port := "443"
	if server.Scheme == "http" {
		port = "80"
	}
	address := net.JoinHostPort(server.Hostname(), cmp.Or(server.Port(), port))
	const patience = 10 * time.Second
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("%s cannot be reached: %w", r.Place, err)
	}
	return conn.Close()
}

// server returns the URL of an S3-compatible place, or of one that is reached by HTTP; nil for any other.
func (r Repository) server() *url.URL {
	rest, isS3 := strings.CutPrefix(r.Place, "s3:")
	if !isS3 {
		if rest, isS3 = strings.CutPrefix(r.Place, "rest:"); !isS3 {
			return nil
		}
	}
	if !strings.Contains(rest, "://") {
		rest = "https://" + rest
	}
	parsed, err := url.Parse(rest)
	if err != nil || parsed.Hostname() == "" {
		return nil
	}
	return parsed
}
