package observability

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"strconv"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// What a number of a variable may be: milliseconds of a day, and spans that memory holds.
const (
	mostMilliseconds = 24 * 60 * 60 * 1000
	mostSpans        = 1_000_000
)

// checkValues names a variable whose value the SDK would not take as it is meant: it would go on with a default, print the value, turn in a
// circle without a pause, or panic.
func (v variables) checkValues() error {
	timeout, _ := v.forTraces("TIMEOUT")
	for name, most := range map[string]int{
		timeout: mostMilliseconds, "OTEL_BSP_SCHEDULE_DELAY": mostMilliseconds, "OTEL_BSP_EXPORT_TIMEOUT": mostMilliseconds,
		"OTEL_BSP_MAX_QUEUE_SIZE": mostSpans, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": mostSpans,
	} {
		if text := v.get(name); text != "" {
			if n, err := strconv.Atoi(text); err != nil || n < 1 || n > most {
				return fmt.Errorf("%s has to be a whole number from 1 to %d", name, most)
			}
		}
	}
	for _, name := range []string{
		"OTEL_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
		"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_SPAN_EVENT_COUNT_LIMIT", "OTEL_SPAN_LINK_COUNT_LIMIT",
		"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
	} {
		if _, err := strconv.Atoi(v.get(name)); v.get(name) != "" && err != nil {
			return fmt.Errorf("%s has to be a whole number", name)
		}
	}
	if name, compression := v.forTraces("COMPRESSION"); compression != "" && compression != "gzip" && compression != "none" {
		return fmt.Errorf("%s can be gzip or none", name)
	}
	return v.checkCertificates()
}

func (v variables) checkCertificates() error {
	trusted, trustedFile := v.forTraces("CERTIFICATE")
	own, ownFile := v.forTraces("CLIENT_CERTIFICATE")
	key, keyFile := v.forTraces("CLIENT_KEY")
	if trustedFile != "" {
		content, err := os.ReadFile(trustedFile) //nolint:gosec // the operator names it
		if err != nil || !x509.NewCertPool().AppendCertsFromPEM(content) {
			return fmt.Errorf("%s has to name a file of certificates (PEM) that can be read", trusted)
		}
	}
	if ownFile != "" || keyFile != "" {
		if _, err := tls.LoadX509KeyPair(ownFile, keyFile); err != nil {
			return fmt.Errorf("%s and %s have to name a certificate and its key (PEM) that can be read", own, key)
		}
	}
	if name, endpoint := v.forTraces("ENDPOINT"); trustedFile+ownFile != "" {
		if u, err := url.Parse(endpoint); err != nil || u.Scheme != "https" {
			return fmt.Errorf("%s has to begin with https://, since there is a certificate for it", name)
		}
	}
	return nil
}

// queueSize is how many spans the SDK keeps at most.
func (v variables) queueSize() int64 {
	if n, err := strconv.Atoi(v.get("OTEL_BSP_MAX_QUEUE_SIZE")); err == nil {
		return int64(n)
	}
	return sdktrace.DefaultMaxQueueSize
}
