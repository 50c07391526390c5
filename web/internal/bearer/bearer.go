// Package bearer reads the token that a program brings with a request, as RFC 6750 says, and nothing else of its head.
package bearer

import (
	"net/http"
	"strings"
)

// scheme is how a header begins that brings a token. Its case does not matter.
const scheme = "bearer"

// Of returns the token that a request brings, and whether it brings any. Of two headers none is taken: which counts is not for us to say.
func Of(r *http.Request) (token string, brought bool) {
	all := r.Header["Authorization"]
	for _, header := range all {
		if word, rest, _ := strings.Cut(strings.TrimSpace(header), " "); strings.EqualFold(word, scheme) {
			token, brought = strings.TrimSpace(rest), true
		}
	}
	if len(all) > 1 {
		token = ""
	}
	return token, brought
}

// IsIn reports whether a request brings a token: then a program sent it, and no browser by itself.
func IsIn(r *http.Request) bool {
	_, brought := Of(r)
	return brought
}
