package account

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"expense-tracker/core/fault"
	"expense-tracker/core/text"
)

// Names tell people apart, in a ledger that they share too. So no two may look the same, and nobody takes another's with a letter of
// another alphabet, or with one that cannot be seen.

const enterName fault.Phrase = "enter a name"

// Folded returns what names are compared by: what is left of them when case, accents, width, what cannot be seen, and the alphabet of
// letters that look the same do not matter.
func Folded(name string) string {
	return strings.Map(func(r rune) rune {
		if latin, ok := lookalike(r); ok {
			return latin
		}
		return r
	}, text.Fold(norm.NFKC.String(withoutUnseen(name))))
}

// parseName understands a name, or returns an error for the person who typed it.
func parseName(typed string) (string, error) {
	name, err := text.Line(typed, text.Rule{
		Max: MaxName, TooLong: "a name has at most %d characters; this has %d", Blank: enterName,
	})
	switch {
	case err != nil:
		return "", err
	case strings.TrimSpace(withoutUnseen(name)) == "":
		return "", fault.Refuse(enterName)
	}
	for word := range strings.FieldsSeq(name) {
		if alphabets(word) > 1 {
			return "", fault.Refuse("write each word of a name in one alphabet: letters of others look the same")
		}
	}
	return name, nil
}

// withoutUnseen drops what cannot be seen. Some of it joins letters or signs, so it is kept in the name itself.
func withoutUnseen(name string) string {
	return strings.Map(func(r rune) rune {
		const brailleBlank = '\u2800'
		if r == brailleBlank || unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, name)
}

// alphabets returns of how many of the alphabets that share their looks a word has letters.
func alphabets(word string) (n int) {
	for _, alphabet := range []*unicode.RangeTable{
		unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Cherokee, unicode.Coptic, unicode.Lisu,
	} {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(alphabet, r) }) {
			n++
		}
	}
	return n
}

// The small letters of Cyrillic and Greek that look like a Latin one, or whose capitals do, each above that one.
const (
	lookalikes = "авекмнорстухіјѕһԁԛԝ" + "αβεζηικμνορτυχ"
	latins     = "abekmhopctyxijshdqw" + "abezhikmnoptyx"
)

func lookalike(r rune) (latin rune, ok bool) {
	for i, like := range []rune(lookalikes) {
		if like == r {
			return rune(latins[i]), true
		}
	}
	return 0, false
}
