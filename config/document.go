package config

import (
	"fmt"
	"strings"
)

// ExampleYAML is the example file: every setting with its help, commented out at its default.
// Its sections are live, so that one line uncommented is a setting changed.
func ExampleYAML() string {
	var text strings.Builder
	text.WriteString(`# Settings of expense-tracker, at their defaults. Take the # off a line to change it.
#
# Each can also be given as the environment variable named with it, or as the content of the file that the variable
# with ` + fileSuffix + ` at its end names. Flags are stronger than variables, variables than this file, this file than defaults.
# An unknown name or a bad value stops the start, with every fault listed.
`)
	section := ""
	for _, s := range settings() {
		text.WriteByte('\n')
		indent := ""
		if s.section() != "" {
			indent = "  "
		}
		if s.section() != section {
			section = s.section()
			text.WriteString(section + ":\n")
		}
		value := s.initial
		if value == "" {
			value = `""`
		}
		fmt.Fprintf(&text, "%s# %s\n%s# %s\n%s#%s: %s\n", indent, s.explanation(), indent, strings.Join(s.names(), " or "), indent,
			s.name(), value)
	}
	return text.String()
}

// MarkdownTable is the table of all settings for the README: a header, a rule and one row a setting, each ended by a newline.
func MarkdownTable() string {
	var text strings.Builder
	text.WriteString("| setting | variable, flag | default | meaning |\n|---|---|---|---|\n")
	for _, s := range settings() {
		initial := "empty"
		if s.initial != "" {
			initial = "`" + s.initial + "`"
		}
		names := "`" + strings.Join(s.names(), "`, `") + "`"
		meaning := strings.ReplaceAll(s.explanation(), "|", `\|`)
		fmt.Fprintf(&text, "| `%s` | %s | %s | %s |\n", s.key, names, initial, meaning)
	}
	return text.String()
}

// explanation is the help, what values the setting takes where that is not plain, and whether it is kept secret.
func (s setting) explanation() string {
	text := s.help
	switch {
	case s.oneOf != nil:
		text += " One of " + strings.Join(s.oneOf, ", ") + "."
	case s.min != "":
		text += " From " + s.min + " to " + s.max + "."
	}
	if s.secret {
		text += " Its passwords are never printed."
	}
	return text
}

// names are the other ways to say the setting.
func (s setting) names() []string {
	names := []string{s.variable}
	if s.flag != "" {
		names = append(names, "--"+s.flag)
	}
	return names
}
