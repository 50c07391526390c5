package search

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"expense-tracker/core/text"
)

// piece is a part of a text, which was found or not.
type piece struct {
	Text  string
	Found bool
}

// marked divides a text where one of the folded terms occurs. Of terms that overlap, the earliest and longest wins.
func marked(shown string, terms []string) []piece {
	if shown == "" {
		return nil
	}
	if len(terms) == 0 {
		return []piece{{Text: shown}}
	}
	folded, at := foldedPlaces(shown)
	var pieces []piece
	done := 0 // bytes of shown
	for from := 0; from < len(folded); {
		length := 0
		for _, term := range terms {
			if len(term) > length && strings.HasPrefix(folded[from:], term) {
				length = len(term)
			}
		}
		if length == 0 {
			from++
			continue
		}
		start, end := at[from], at[from+length]
		if start > done {
			pieces = append(pieces, piece{Text: shown[done:start]})
		}
		if end > max(start, done) {
			pieces = append(pieces, piece{Text: shown[max(start, done):end], Found: true})
			done = end
		}
		from += length
	}
	if done < len(shown) {
		pieces = append(pieces, piece{Text: shown[done:]})
	}
	return pieces
}

// foldedPlaces returns a text folded, and for each byte of that, and for its end, where in the text it comes from. Characters are folded
// one by one, with the marks that belong to them.
func foldedPlaces(s string) (string, []int) {
	var folded strings.Builder
	var at []int
	for start := 0; start < len(s); {
		end := start + norm.NFC.NextBoundaryInString(s[start:], true)
		part := text.Fold(s[start:end])
		for range len(part) {
			at = append(at, start)
		}
		folded.WriteString(part)
		start = end
	}
	return folded.String(), append(at, len(s))
}
