// Package quickline understands an expense that is typed as one line, such as "12.50 lunch with Ana yesterday #work". It is pure: the day
// and what the ledger knows are handed in.
package quickline

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"

	"expense-tracker/core/civil"
	"expense-tracker/core/money"
)

// Known is what a line is understood by.
type Known struct {
	Today      civil.Date
	Currency   money.Currency // the ledger's own
	Categories []string       // names
	Before     []Spending     // newest first
}

// Spending is an expense of before: a line that begins like its text probably has its category.
type Spending struct {
	Text     string // a note or a payee
	Category string
}

// Wanted says what a line is asked for. What it is not asked for stays in the note.
type Wanted struct {
	Price, Category, Date bool
}

// Everything asks a line for all that it can say.
func Everything() Wanted { return Wanted{Price: true, Category: true, Date: true} }

// Line is what a line says. What it does not say is empty.
type Line struct {
	Price    string // as it was typed, with the currency's code or symbol if there was one
	Category string // a name out of Known
	Date     civil.Date
	Tags     string // as they were typed, each with its #
	Note     string // every word that is nothing else, in order
}

// Read understands a line. The rules:
//
//   - A word that begins with # is a tag.
//   - A day is yesterday, a weekday, 2026-11-03, 3.11. or 3.11.2026, in English or German. The first one counts. One without a year is the
//     last such day. 11/3 is no day: it has two meanings.
//   - The price is the number with a currency beside it; without one, the first with decimals; without one, a number at the start or
//     the end of the line; at last, any.
//   - The category is the longest name whose words stand in the line. It leaves the note if it stands at an end of it. Without one, it is
//     what the newest expense with this note had, or with a note of the same first word.
func Read(line string, known Known, wanted Wanted) Line {
	r := reader{known: known, hasSmall: strings.ContainsFunc(line, unicode.IsLower)}
	for _, field := range strings.Fields(line) {
		r.words = append(r.words, word{text: field})
	}
	r.tags()
	if wanted.Date {
		r.date()
	}
	if wanted.Price {
		r.price()
	}
	r.line.Note = join(r.left())
	if wanted.Category {
		r.category()
	}
	return r.line
}

// reader is a line while it is being read.
type reader struct {
	known    Known
	words    []word
	hasSmall bool // a letter is small, so that capitals mean something
	line     Line
}

// word is a word of the line.
type word struct {
	text string
	used bool // it has been understood, and is not of the note
}

// left returns the words that are nothing else so far.
func (r *reader) left() []string {
	var left []string
	for _, w := range r.words {
		if !w.used {
			left = append(left, w.text)
		}
	}
	return left
}

func (r *reader) tags() {
	var tags []string
	for i, w := range r.words {
		bare := strings.TrimLeft(w.text, "#＃")
		if bare != w.text && strings.ContainsFunc(bare, isLetterOrDigit) {
			r.words[i].used = true
			tags = append(tags, strings.TrimRightFunc(w.text, unicode.IsPunct))
		}
	}
	r.line.Tags = join(tags)
}

func join(words []string) string { return strings.Join(words, " ") }

// folded returns what is compared of a word: without case, and without punctuation around it.
func folded(s string) string {
	return cases.Fold().String(strings.TrimFunc(s, unicode.IsPunct))
}

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
