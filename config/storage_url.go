package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

const (
	memoryURL    = "memory:"
	sqliteScheme = "sqlite:"

	// hidden stands for a password, and for a whole URL that cannot be told apart from one.
	hidden = "xxxxx"
)

// StorageURL chooses the storage: memory:, sqlite:PATH or a PostgreSQL URL, or empty for the default place.
// It may hold a password, so it prints, logs and marshals masked; string(u) is the real one.
type StorageURL string

// Masked is the URL with xxxxx for its passwords, and xxxxx alone where it is malformed or of an unknown scheme.
func (u StorageURL) Masked() string {
	text := string(u)
	switch {
	case text == "" || text == memoryURL:
		return text
	case strings.HasPrefix(text, sqliteScheme):
		return maskFile(text)
	case isPostgres(text):
		return maskPostgres(text)
	}
	return hidden
}

// String is Masked, so that no %v or log line shows a password.
func (u StorageURL) String() string { return u.Masked() }

// GoString is Masked, quoted, for %#v.
func (u StorageURL) GoString() string { return fmt.Sprintf("config.StorageURL(%q)", u.Masked()) }

// MarshalText is Masked, for JSON, YAML and slog.
func (u StorageURL) MarshalText() ([]byte, error) { return []byte(u.Masked()), nil }

func maskFile(text string) string {
	path, query, found := strings.Cut(text, "?")
	if !found {
		return text
	}
	masked, err := maskQuery(query)
	if err != nil {
		return hidden
	}
	return path + "?" + masked
}

func maskPostgres(text string) string {
	u, err := parsePostgres(text)
	if err != nil {
		return hidden
	}
	if u.RawQuery, err = maskQuery(u.RawQuery); err != nil {
		return hidden
	}
	return u.Redacted()
}

// maskQuery keeps the order and the spelling of the parameters; only values that look secret change.
func maskQuery(query string) (string, error) {
	if _, err := url.ParseQuery(query); err != nil {
		return "", errBadURL()
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		plain, err := url.QueryUnescape(pair)
		if err != nil {
			return "", errBadURL()
		}
		if !looksSecret(plain) {
			continue
		}
		pairs[i] = hidden
		if name, _, found := strings.Cut(pair, "="); found {
			pairs[i] = name + "=" + hidden
		}
	}
	return strings.Join(pairs, "&"), nil
}

// looksSecret errs on the safe side: it hides application_name=passenger too.
func looksSecret(pair string) bool {
	pair = strings.ToLower(pair)
	return slices.ContainsFunc([]string{"pass", "pwd", "secret", "token"}, func(word string) bool {
		return strings.Contains(pair, word)
	})
}

func isPostgres(text string) bool {
	return strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://")
}

// parsePostgres also refuses what net/url takes but only a password with unescaped characters explains,
// such as postgres://me:12/34@host/db, whose password would pass for a port and a path.
func parsePostgres(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errBadURL()
	}
	if _, err := url.ParseQuery(u.RawQuery); err != nil {
		return nil, errBadURL()
	}
	torn := strings.ContainsAny(u.EscapedPath(), "@=&") || strings.Contains(u.RawQuery, "@") ||
		strings.Contains(text, "#") || strings.Contains(u.User.Username(), ":")
	if torn {
		return nil, errBadURL()
	}
	return u, nil
}

// errBadURL leaves out net/url's own error, which quotes the URL.
func errBadURL() error {
	return errors.New("is not a well-formed URL; write reserved characters in user, password and parameters as %XX")
}
