package config

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"
)

// Masked is c with its passwords replaced by xxxxx.
func (c Config) Masked() Config {
	c.Storage = StorageURL(c.Storage.Masked())
	c.StoragePassword = Secret(c.StoragePassword.Masked())
	c.StorageOwner = StorageURL(c.StorageOwner.Masked())
	c.StorageOwnerPassword = Secret(c.StorageOwnerPassword.Masked())
	c.Auth.AdminPassword = Secret(c.Auth.AdminPassword.Masked())
	c.Probe.Secret = Secret(c.Probe.Secret.Masked())
	return c
}

// WriteYAML writes c as a configuration file, passwords masked, each value with its source in a comment.
func (c Config) WriteYAML(w io.Writer, sources Sources) error {
	var text bytes.Buffer
	masked := c.Masked()
	section := ""
	for _, s := range settings() {
		indent := ""
		if s.section() != "" {
			indent = "  "
		}
		if s.section() != section {
			section = s.section()
			text.WriteString(section + ":\n")
		}
		value, err := scalar(s.in(masked))
		if err != nil {
			return fmt.Errorf("write %s: %w", s.key, err)
		}
		fmt.Fprintf(&text, "%s%s: %s", indent, s.name(), value)
		if source := sources[s.key]; source != "" {
			text.WriteString(" # " + source)
		}
		text.WriteByte('\n')
	}
	if _, err := w.Write(text.Bytes()); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	return nil
}

// scalar writes one value on one line, quoted where YAML needs it. Settings hold no line breaks.
func scalar(value any) (string, error) {
	if duration, ok := value.(time.Duration); ok {
		return duration.String(), nil
	}
	text, err := yaml.Marshal(value)
	return string(bytes.TrimSpace(text)), err
}
