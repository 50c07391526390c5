package quickline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"expense-tracker/core/money"
)

// span is a stretch of words, from the first to before the last.
type span struct{ from, to int }

// price finds the number that is the price, and the currency beside it.
func (r *reader) price() {
	best, rank := span{}, 0
	for i := 0; i < len(r.words); {
		number := r.number(i)
		if number.to == i {
			i++
			continue
		}
		whole, marked := r.withMark(number)
		if rate := r.rate(number, marked); rate > rank {
			best, rank = whole, rate
		}
		i = number.to
	}
	if rank == 0 {
		return
	}
	r.line.Price = r.typed(best)
	for i := best.from; i < best.to; i++ {
		r.words[i].used = true
	}
}

// rate says how much like the price a number looks; more is likelier.
func (r *reader) rate(number span, marked bool) int {
	first, last := bare(r.words[number.from].text), bare(r.words[number.to-1].text)
	switch {
	case marked || strings.ContainsFunc(first+last, func(c rune) bool { return unicode.Is(unicode.Sc, c) || unicode.IsLetter(c) }):
		return 4
	case strings.ContainsAny(first+last, ".,٫"):
		return 3
	case r.isFree(0, number.from) || r.isFree(number.to, len(r.words)):
		return 2
	}
	return 1
}

// isFree reports whether no word of a stretch is left.
func (r *reader) isFree(from, to int) bool {
	for _, w := range r.words[from:to] {
		if !w.used {
			return false
		}
	}
	return true
}

// number returns the words from i on that are one number: one word, groups of three digits, and what is added with a + of its own.
func (r *reader) number(i int) span {
	at := span{i, i}
	if !r.isNumber(i) {
		return at
	}
	at.to++
	for at.to < len(r.words) && r.isGroup(at.to-1, false) && r.isGroup(at.to, true) {
		at.to++
	}
	for at.to < len(r.words) {
		more := at
		switch text := r.words[at.to].text; {
		case (text == "+" || text == "-" || text == "−") && r.isNumber(at.to+1):
			more.to += 2
		case strings.HasPrefix(text, "+") && r.isNumber(at.to):
			more.to++
		}
		if more == at || !money.LooksLikePrice(r.typed(more)) { // as in "5 + +5"
			return at
		}
		at = more
	}
	return at
}

// isNumber reports whether word i is a number, perhaps with a currency written to it.
func (r *reader) isNumber(i int) bool {
	if i >= len(r.words) || r.words[i].used {
		return false
	}
	text := bare(r.words[i].text)
	if !money.LooksLikePrice(text) || isMissingDay(r.words[i].text) {
		return false
	}
	letters := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) {
			return c
		}
		return -1
	}, text)
	return letters == "" || strings.Contains(text, "$") || r.isMark(letters)
}

// isGroup reports whether word i is a group of digits: one to three at the start of a number, three within it, where decimals may follow.
func (r *reader) isGroup(i int, within bool) bool {
	if r.words[i].used {
		return false
	}
	whole := r.words[i].text
	if within {
		whole = bare(whole)
		if mark := strings.IndexAny(whole, ".,"); mark >= 0 && strings.Trim(whole[mark+1:], "0123456789") == "" {
			whole = whole[:mark]
		}
	}
	least := 1
	if within {
		least = 3
	}
	return len(whole) >= least && len(whole) <= 3 && strings.Trim(whole, "0123456789") == ""
}

// withMark returns a number with the word behind or before it that is its currency.
func (r *reader) withMark(number span) (whole span, marked bool) {
	if i := number.to; i < len(r.words) && !r.words[i].used && r.isMark(bare(r.words[i].text)) {
		whole, marked = span{number.from, i + 1}, true
	} else if i := number.from - 1; i >= 0 && !r.words[i].used && r.isMark(bare(r.words[i].text)) {
		whole, marked = span{i, number.to}, true
	}
	if !marked || !money.LooksLikePrice(r.typed(whole)) { // as in "5€ €"
		return number, false
	}
	return whole, true
}

// typed returns a stretch of words as one text.
func (r *reader) typed(s span) string {
	parts := make([]string, 0, s.to-s.from)
	for _, w := range r.words[s.from:s.to] {
		parts = append(parts, bare(w.text))
	}
	return join(parts)
}

// isMark reports whether a word is a currency's code or symbol. Some codes are words, such as ALL and CUP: these count in capitals only.
func (r *reader) isMark(s string) bool {
	if _, ok := money.CurrencyTyped("1 "+s, r.known.Currency); !ok || strings.ContainsFunc(s, unicode.IsDigit) {
		return false
	}
	if !strings.ContainsFunc(s, unicode.IsLetter) || strings.Contains(s, "$") || strings.EqualFold(s, r.known.Currency.Code()) {
		return true
	}
	switch strings.ToLower(s) {
	case "eur", "usd", "gbp", "chf", "jpy", "cny", "inr", "aud", "cad", "nzd", "sek", "nok", "dkk", "pln", "czk", "huf", "brl", "mxn",
		"euro", "euros", "kr", "zł", "kč":
		return true
	}
	return r.hasSmall && utf8.RuneCountInString(s) == 3 && strings.ToUpper(s) == s
}

// bare returns a word without the punctuation of a sentence behind it.
func bare(s string) string { return strings.TrimRight(s, ".,;:!?") }
