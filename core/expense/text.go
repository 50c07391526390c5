package expense

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"expense-tracker/core/fault"
)

// The longest texts, in characters (Unicode code points).
const (
	MaxCategoryName = 100
	MaxNote         = 1000
)

// CategoryName is a category's name as it was typed, tidied: composed characters, single spaces, none around it.
// Only ParseCategoryName and a storage make one.
type CategoryName string

// ParseCategoryName tidies a typed name. It refuses an empty one, one over MaxCategoryName, and characters that cannot be seen.
func ParseCategoryName(typed string) (CategoryName, error) {
	if err := checkText(typed, func(r rune) bool { return r == '\t' }); err != nil {
		return "", err
	}
	name := strings.Join(strings.Fields(norm.NFC.String(withoutDirections(typed))), " ")
	if !strings.ContainsFunc(name, isVisible) {
		return "", fault.Refuse("enter a category, such as groceries")
	}
	if n := utf8.RuneCountInString(name); n > MaxCategoryName {
		return "", fault.Refuse("a category has at most %d characters; this has %d", MaxCategoryName, n)
	}
	return CategoryName(name), nil
}

// Key returns what makes the name unique in its ledger: the name without the difference of upper and lower case.
func (n CategoryName) Key() string { return norm.NFC.String(cases.Fold().String(string(n))) }

// mayBeKey reports whether a category can have the key. Folding turns a character into three at most.
func mayBeKey(key string) bool {
	return checkText(key, func(rune) bool { return false }) == nil && utf8.RuneCountInString(key) <= 3*MaxCategoryName
}

// parseNote tidies a note: line ends as \n, no space around it. An empty note is one.
func parseNote(typed string) (string, error) {
	typed = strings.ReplaceAll(typed, "\r\n", "\n")
	if err := checkText(typed, func(r rune) bool { return r == '\t' || r == '\n' }); err != nil {
		return "", err
	}
	note := strings.TrimSpace(norm.NFC.String(withoutDirections(typed)))
	if n := utf8.RuneCountInString(note); n > MaxNote {
		return "", fault.Refuse("a note has at most %d characters; this has %d", MaxNote, n)
	}
	return note, nil
}

// withoutDirections drops the invisible characters that steer the direction of writing. Phones copy them along with numbers and names;
// they would make two categories that look the same, or turn round what stands beside them. Pages find each text's direction anew.
func withoutDirections(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
}

// checkText refuses what a page, a terminal or a database could not show as it is.
func checkText(s string, allowed func(rune) bool) error {
	if !utf8.ValidString(s) {
		return fault.Refuse("this is not valid text (UTF-8)")
	}
	for _, r := range s {
		if unicode.IsControl(r) && !allowed(r) {
			return fault.Refuse("this has control characters, which cannot be shown (%s); remove them", fmt.Sprintf("U+%04X", r))
		}
		if unicode.Is(unicode.Noncharacter_Code_Point, r) {
			return fmt.Errorf("this has a code that is no character (U+%04X); remove it", r)
		}
	}
	return nil
}

func isVisible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r)
}
