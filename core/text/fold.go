package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns what a search compares: small letters, composed, without the accents of the letters from A to Z. Marks of other letters
// make other letters, as й is not и, and stay.
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var folded strings.Builder
	bare := false // the letter before is one from A to Z
	for _, r := range norm.NFD.String(s) {
		switch {
		case r >= 0x300 && r <= 0x36f:
			if bare {
				continue
			}
		case r == 'ς':
			r, bare = 'σ', false
		default:
			bare = r < utf8.RuneSelf && unicode.IsLetter(r)
			r = unicode.ToLower(r)
		}
		folded.WriteRune(r)
	}
	return norm.NFC.String(folded.String())
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
