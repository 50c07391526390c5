package backups

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// reach looks whether the server of an S3-compatible place answers at all. restic itself would go on trying for a quarter of an hour.
func (r Repository) reach(ctx context.Context) error {
	address := r.server()
	if address == "" {
		return nil
	}
	const patience = 10 * time.Second
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("%s cannot be reached: %w", r.Place, err)
	}
	return conn.Close()
}

// server returns HOST:PORT of an S3-compatible place, or of one that is reached by HTTP; "" for any other.
func (r Repository) server() string {
	rest, isS3 := strings.CutPrefix(r.Place, "s3:")
	if !isS3 {
		if rest, isS3 = strings.CutPrefix(r.Place, "rest:"); !isS3 {
			return ""
		}
	}
	if !strings.Contains(rest, "://") {
		rest = "https://" + rest
	}
	parsed, err := url.Parse(rest)
	if err != nil || parsed.Hostname() == "" {
		return ""
	}
	port := "443"
	if parsed.Scheme == "http" {
		port = "80"
	}
	return net.JoinHostPort(parsed.Hostname(), cmp.Or(parsed.Port(), port))
}
