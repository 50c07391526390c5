package words

import (
	"strings"
	"unicode/utf8"
)

// accented returns a text as the pseudo-language has it: with accents, in brackets, and a third longer. Verbs of package fmt stay.
func accented(text string) string {
	var b strings.Builder
	b.WriteByte('[')
	verb := false
	for _, r := range text {
		switch {
		case verb:
			verb = strings.ContainsRune("[]0123456789+", r)
		case r == '%':
			verb = true
		default:
			r = accent(r)
		}
		b.WriteRune(r)
	}
	for i := range max(2, (utf8.RuneCountInString(text)+2)/3) {
		if i%7 == 0 {
			b.WriteByte(' ') // as a language's longer text has more words
		} else {
			b.WriteByte('~')
		}
	}
	if b.String()[b.Len()-1] == ' ' {
		b.WriteByte('~')
	}
	b.WriteByte(']')
	return b.String()
}

// accent returns a letter that reads like another.
func accent(r rune) rune {
	const plain, accents = "aceginosuyACEGINOSUY", "áçéĝîñôšûýÁÇÉĜÎÑÔŠÛÝ"
	if at := strings.IndexRune(plain, r); at >= 0 {
		return []rune(accents)[at]
	}
	return r
}
