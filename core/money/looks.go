package money

import "strings"

// LooksLikePrice reports whether a text is digits with what may stand beside them in a price: marks, signs, codes and symbols. It may be
// none all the same: ParsePrice says what is wrong about it.
func LooksLikePrice(typed string) bool {
	s := ascii(typed)
	if len(s) > maxTyped || isDate(s) {
		return false
	}
	if term, rest, operator := cutTerm(s); operator != 0 && term == "" {
		s = rest // a sign, which no price has
	}
	for operator := byte(1); operator != 0; {
		var term string
		term, s, operator = cutTerm(s)
		figures, _ := unmarked(term)
		if !strings.ContainsAny(figures, "0123456789") || strings.Trim(normalise(figures), "0123456789., '") != "" {
			return false
		}
	}
	return true
}
