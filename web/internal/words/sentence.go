package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Starred is a sentence with a part that matters most, which stands between two stars in its phrase.
type Starred struct{ Before, Strong, After string }

// AtStars takes a sentence apart at its first two stars.
func AtStars(sentence string) Starred {
	before, rest, _ := strings.Cut(sentence, "*")
	strong, after, _ := strings.Cut(rest, "*")
	return Starred{before, strong, after}
}

// sentence gives words a capital and a full stop, unless they end a sentence already.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[size:]
	if last, _ := utf8.DecodeLastRuneInString(s); unicode.Is(unicode.Sentence_Terminal, last) {
		return s
	}
	return s + "."
}
