package config

import "fmt"

// Secret is a text that is never shown: it prints, logs and marshals masked; string(s) is the real one.
type Secret string

// Masked is xxxxx, or nothing if there is nothing to hide.
func (s Secret) Masked() string {
	if s == "" {
		return ""
	}
	return hidden
}

// String is Masked, so that no %v or log line shows it.
func (s Secret) String() string { return s.Masked() }

// GoString is Masked, quoted, for %#v.
func (s Secret) GoString() string { return fmt.Sprintf("config.Secret(%q)", s.Masked()) }

// MarshalText is Masked, for JSON, YAML and slog.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.Masked()), nil }
