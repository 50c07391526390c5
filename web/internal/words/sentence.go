package words

import (
	"unicode"
	"unicode/utf8"
)

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
