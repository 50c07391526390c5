package expense

import (
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"expense-tracker/core/text"
)

// The longest texts, in characters (Unicode code points).
const (
	MaxCategoryName = 100
	MaxNote         = 1000
	MaxPayee        = 100
)

// CategoryName is a category's name as it was typed, tidied: composed characters, single spaces, none around it.
// Only ParseCategoryName and a storage make one.
type CategoryName string

// ParseCategoryName tidies a typed name. It refuses an empty one, one over MaxCategoryName, and characters that cannot be seen.
func ParseCategoryName(typed string) (CategoryName, error) {
	name, err := text.Line(typed, text.Rule{
		Max: MaxCategoryName, TooLong: "a category has at most %d characters; this has %d", Blank: "enter a category, such as groceries",
	})
	return CategoryName(name), err
}

// Key returns what makes the name unique in its ledger: the name without the difference of upper and lower case.
func (n CategoryName) Key() string { return norm.NFC.String(cases.Fold().String(string(n))) }

// mayBeKey reports whether a category can have the key. Folding turns a character into three at most.
func mayBeKey(key string) bool {
	return text.Check(key, "") == nil && utf8.RuneCountInString(key) <= 3*MaxCategoryName
}

// parsePayee tidies a payee. None is one too.
func parsePayee(typed string) (string, error) {
	return text.Line(typed, text.Rule{Max: MaxPayee, TooLong: "a payee has at most %d characters; this has %d"})
}

// parseNote tidies a note. An empty note is one.
func parseNote(typed string) (string, error) {
	return text.Lines(typed, text.Rule{Max: MaxNote, TooLong: "a note has at most %d characters; this has %d"})
}
