// Package words says what people read in their own language: sentences from a catalogue, and amounts, numbers and dates as the language
// writes them. An English sentence is its own name in the catalogue. Another language is one file in the folder languages.
package words

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/money"
)

// Phrase is an English sentence, or a part of a page that stands alone. Verbs of package fmt stand for its arguments. Its name in every
// catalogue is the phrase itself. A constant of this type has to be in every catalogue: a test finds each.
type Phrase string

// T returns a phrase in the language. A number among the arguments, an amount and a day are written by locale; another Phrase and a
// fault's text are translated; a string stays as it is, and turns nothing round beside it.
func (l *Language) T(phrase Phrase, args ...any) string {
	text := string(phrase)
	if found, ok := l.texts[text]; ok {
		text = found.other
	}
	return l.fill(text, args)
}

// N returns the phrase for one or for several, whose first verb is %d: the number n. The catalogue has the phrase for several.
func (l *Language) N(one, several Phrase, n int64, args ...any) string {
	text := string(several)
	if found, ok := l.texts[text]; ok {
		text = found.form(l.tag, n)
	} else if n == 1 {
		text = string(one)
	}
	return l.fill(text, append([]any{n}, args...))
}

// Text returns what a fault says in the language, as a whole sentence.
func (l *Language) Text(of fault.Text) string {
	return sentence(l.T(Phrase(of.Phrase), of.Args...))
}

func (l *Language) fill(text string, args []any) string {
	if l.pseudo {
		text = accented(text)
	}
	if len(args) == 0 {
		return text
	}
	written := make([]any, len(args))
	for i, arg := range args {
		written[i] = l.written(arg)
	}
	return fmt.Sprintf(text, written...)
}

// written returns an argument as the language writes it.
func (l *Language) written(arg any) any {
	switch arg := arg.(type) {
	case int:
		return digits(l.Number(int64(arg)))
	case int64:
		return digits(l.Number(arg))
	case money.Amount:
		return l.Amount(arg)
	case civil.Date:
		return l.FullDay(arg)
	case Phrase:
		return l.T(arg)
	case fault.Phrase:
		return l.T(Phrase(arg))
	case fault.Text:
		return l.T(Phrase(arg.Phrase), arg.Args...)
	case string:
		if runsLeft(arg) {
			return isolated(arg)
		}
	}
	return arg
}

// isolated is a text in a sentence that runs from right to left, as names may. It turns nothing round beside it: "שלום" and "$5" in one
// sentence would change places.
type isolated string

// The marks around it, which nobody sees.
const (
	firstStrong = "\u2068"
	popIsolate  = "\u2069"
)

// Format writes the text, in quotes for %q.
func (i isolated) Format(s fmt.State, verb rune) {
	text := string(i)
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = s.Write([]byte(firstStrong + text + popIsolate)) // into a buffer
}

// runsLeft reports whether a text has letters that run from right to left.
func runsLeft(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r >= 0x590 && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
	})
}

// digits is a number as it is written, whatever the verb.
type digits string

// Format writes the number.
func (d digits) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte(d)) } // into a buffer
