package observability

import "context"

// requestIDHeader takes a request's name from a proxy in front, and tells the client which name to quote in a complaint.
const requestIDHeader = "X-Request-Id"

const requestIDLimit = 64 // bytes

// RequestID returns the name of the request that ctx belongs to, or "" outside one.
func RequestID(ctx context.Context) string {
	if r := requestOf(ctx); r != nil {
		return r.id
	}
	return ""
}

// isRequestID reports whether a name that came from outside is short and plain enough to be repeated in the log and the response.
func isRequestID(id string) bool {
	if id == "" || len(id) > requestIDLimit {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
