package problem

import (
	"net/http"
	"strings"

	"expense-tracker/core/fault"
)

// realm is what is behind a token, for who asks.
const realm = `Bearer realm="expense-tracker"`

// challenge says how to come in, as RFC 6750 has it. Browsers do not ask their users on it.
func challenge(h http.Header, kind fault.Kind, byToken bool) {
	switch {
	case kind == fault.Unauthenticated && byToken:
		h.Set("WWW-Authenticate", realm+`, error="invalid_token", error_description="The token is wrong, revoked or over"`)
	case kind == fault.Unauthenticated:
		h.Set("WWW-Authenticate", realm)
	case kind == fault.Forbidden && byToken:
		h.Set("WWW-Authenticate", realm+`, error="insufficient_scope"`)
	}
}

// forProgram is a problem as a program is told of it: lines of plain text, and no page.
func (p Problem) forProgram() []byte {
	lines := []string{p.Title}
	if p.Text != "" {
		lines = append(lines, p.Text)
	}
	for _, f := range p.Fields {
		lines = append(lines, f.Name+": "+f.Message)
	}
	if p.RequestID != "" {
		lines = append(lines, p.RequestID)
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}
