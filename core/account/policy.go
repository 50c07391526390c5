package account

import (
	"slices"
	"strings"
)

// Policy says who of those that a provider lets in may come in here.
type Policy struct {
	// SignUp are those who get an account by coming in for the first time: addresses such as ana@example.org, domains such as
	// @example.org, or * for everybody. Addresses count only where the provider has verified them. Empty: those alone who have one.
	SignUp []string
	// Group is one that everybody must be in; empty: none.
	Group string
}

// everybody is the pattern that each person matches.
const everybody = "*"

// signsUp reports whether somebody without an account gets one.
func (p Policy) signsUp(c Claims) bool {
	email := c.verifiedEmail()
	return slices.ContainsFunc(p.SignUp, func(pattern string) bool {
		pattern = strings.ToLower(pattern)
		switch {
		case pattern == everybody:
			return true
		case email == "":
			return false
		case strings.HasPrefix(pattern, "@"):
			return email[strings.LastIndexByte(email, '@'):] == pattern
		}
		return email == pattern
	})
}

// admits reports whether somebody may come in at all.
func (p Policy) admits(c Claims) bool { return p.Group == "" || slices.Contains(c.Groups, p.Group) }
