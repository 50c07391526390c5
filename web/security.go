package web

import "net/http"

// header is a response header as net/http keeps it, made once: setting it costs no allocation.
type header struct {
	name   string
	values []string
}

// headers are on every answer. Pages load nothing but this site's own files, run no inline script or style, and are shown in no other
// site's frame.
func headers() []header {
	return []header{
		{"Content-Security-Policy",
			[]string{"default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; manifest-src 'self'; " +
				"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Referrer-Policy", []string{"same-origin"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
		{"Permissions-Policy", []string{"camera=(), geolocation=(), microphone=()"}},
		{"Cache-Control", []string{"no-store"}}, // amounts do not belong into a shared machine's cache; assets say otherwise
	}
}

// onlyTLS makes browsers ask this host by TLS alone, for a year from each answer on.
func onlyTLS() header { return header{"Strict-Transport-Security", []string{"max-age=31536000"}} }

// securityHeaders is the step that sets the headers of every answer.
func (s *Site) securityHeaders(next http.Handler) http.Handler {
	all := headers()
	if s.secure {
		all = append(all, onlyTLS())
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for _, header := range all {
			h[header.name] = header.values
		}
		next.ServeHTTP(w, r)
	})
}
