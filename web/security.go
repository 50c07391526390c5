package web

import "net/http"

// header is a response header as net/http keeps it, made once: setting it costs no allocation.
type header struct {
	name   string
	values []string
}

// securityHeaders are on every answer. Pages load nothing but this site's own files, run no inline script or style, and are
// shown in no other site's frame.
func securityHeaders() []header {
	return []header{
		{"Content-Security-Policy", []string{"default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; manifest-src 'self'; " +
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Referrer-Policy", []string{"same-origin"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
		{"Permissions-Policy", []string{"camera=(), geolocation=(), microphone=()"}},
		{"Cache-Control", []string{"no-store"}}, // amounts do not belong into a shared machine's cache; assets say otherwise
	}
}

func (s *Site) setSecurityHeaders(h http.Header) {
	for _, header := range s.security {
		h[header.name] = header.values
	}
}
