// Package text tidies what people type, and refuses what cannot be shown: names on one line, and notes of several.
package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"expense-tracker/core/fault"
)

// Rule says what a text may be, and what to tell who typed another one.
type Rule struct {
	Max     int          // characters (Unicode code points) at most
	TooLong fault.Phrase // with two numbers: Max, and how many it has
	Blank   fault.Phrase // for a text of which nothing can be seen; empty if it may be blank
}

// Line tidies a text of one line: composed characters, single spaces, none around it. It refuses what Check does, and what breaks the rule.
func Line(typed string, rule Rule) (string, error) {
	if err := Check(typed, "\t"); err != nil {
		return "", err
	}
	return rule.apply(strings.Join(strings.Fields(norm.NFC.String(WithoutDirections(typed))), " "))
}

// Lines tidies a text of several lines: composed characters, line ends as \n, no space around it. It refuses what Check does, and what
// breaks the rule.
func Lines(typed string, rule Rule) (string, error) {
	typed = strings.ReplaceAll(typed, "\r\n", "\n")
	if err := Check(typed, "\t\n"); err != nil {
		return "", err
	}
	return rule.apply(strings.TrimSpace(norm.NFC.String(WithoutDirections(typed))))
}

func (r Rule) apply(tidy string) (string, error) {
	if r.Blank != "" && !strings.ContainsFunc(tidy, isVisible) {
		return "", fault.Refuse(r.Blank)
	}
	if n := utf8.RuneCountInString(tidy); n > r.Max {
		return "", fault.Refuse(r.TooLong, r.Max, n)
	}
	return tidy, nil
}

// WithoutDirections drops the invisible characters that steer the direction of writing. Phones copy them along with numbers and names;
// they would make two names that look the same, or turn round what stands beside them. Pages find each text's direction anew.
func WithoutDirections(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
}

// Check refuses what a page, a terminal or a database could not show as it is. It lets pass the control characters that are allowed.
func Check(s, allowed string) error {
	if !utf8.ValidString(s) {
		return fault.Refuse("this is not valid text (UTF-8)")
	}
	for _, r := range s {
		if unicode.IsControl(r) && !strings.ContainsRune(allowed, r) {
			return fault.Refuse("this has control characters, which cannot be shown (%s); remove them", codeOf(r))
		}
		if unicode.Is(unicode.Noncharacter_Code_Point, r) {
			return fault.Refuse("this has a code that is no character (%s); remove it", codeOf(r))
		}
	}
	return nil
}

func codeOf(r rune) string { return fmt.Sprintf("U+%04X", r) }

func isVisible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r)
}
