package money

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bojanz/currency"
)

// CurrencyTyped returns the currency that a typed price names by its code or symbol, such as EUR for "5 €"; false if it names none. A
// symbol that several have means home if home is one of them.
func CurrencyTyped(typed string, home Currency) (Currency, bool) {
	for s, operator := ascii(typed), byte(1); operator != 0 && len(s) <= maxTyped; {
		var term string
		term, s, operator = cutTerm(s)
		_, marks := unmarked(term)
		for _, mark := range marks {
			if home.isMeantBy(mark) {
				return home, true
			}
			if c, err := ParseCurrency(meant(mark)[0]); err == nil {
				return c, true
			}
		}
	}
	return Currency{}, false
}

// unmarked parts a number from the codes and symbols that stand before and behind it. What is no such mark stays.
func unmarked(term string) (figures string, marks []string) {
	term = strings.TrimFunc(term, unicode.IsSpace)
	if first := strings.IndexAny(term, "0123456789"); first > 0 {
		before := strings.TrimFunc(term[:first], unicode.IsSpace)
		bare := strings.TrimRight(before, ".,")
		last, _ := utf8.DecodeLastRuneInString(bare)
		switch {
		case before[len(bare):] != "" && !unicode.IsLetter(last) && isMark(bare): // in "$.50" the point is the number's
			term, marks = before[len(bare):]+term[first:], append(marks, bare)
		case isMark(before):
			term, marks = term[first:], append(marks, before)
		}
	}
	if last := strings.LastIndexAny(term, "0123456789"); last >= 0 {
		if behind := strings.TrimFunc(term[last+1:], unicode.IsSpace); isMark(behind) {
			term, marks = term[:last+1], append(marks, behind)
		}
	}
	return term, marks
}

func isMark(s string) bool { return s != "" && len(meant(s)) > 0 }

// isMeantBy reports whether a code or symbol can mean c.
func (c Currency) isMeantBy(mark string) bool {
	return strings.EqualFold(mark, c.code) || slices.Contains(meant(mark), c.code)
}

// meant returns the codes of the currencies that a code or symbol can mean, the likeliest first.
func meant(mark string) []string {
	if currency.IsValid(strings.ToUpper(mark)) {
		return []string{strings.ToUpper(mark)}
	}
	switch strings.TrimSuffix(strings.ToLower(mark), ".") {
	case "$":
		return dollars()
	case "us$":
		return []string{"USD"}
	case "c$":
		return []string{"CAD"}
	case "s$":
		return []string{"SGD"}
	case "euro", "euros":
		return []string{"EUR"}
	case "£":
		return []string{"GBP", "EGP", "GIP", "SHP", "FKP"}
	case "¥", "￥":
		return []string{"JPY", "CNY"}
	case "円":
		return []string{"JPY"}
	case "元":
		return []string{"CNY", "TWD"}
	case "kr":
		return []string{"SEK", "NOK", "DKK", "ISK"}
	case "fr", "sfr":
		return []string{"CHF"}
	case "zł", "zl":
		return []string{"PLN"}
	case "kč":
		return []string{"CZK"}
	case "ft":
		return []string{"HUF"}
	case "lei":
		return []string{"RON"}
	case "rs":
		return []string{"INR", "PKR", "LKR", "NPR", "MUR"}
	case "₽":
		return []string{"RUB"}
	case "₺":
		return []string{"TRY"}
	case "₴":
		return []string{"UAH"}
	case "₸":
		return []string{"KZT"}
	case "₦":
		return []string{"NGN"}
	case "฿":
		return []string{"THB"}
	case "rp":
		return []string{"IDR"}
	case "rm":
		return []string{"MYR"}
	}
	var codes []string
	for _, code := range Codes() {
		if symbol, ok := currency.GetSymbol(code, currency.Locale{Language: "en"}); ok && symbol != code && symbol == mark {
			codes = append(codes, code)
		}
	}
	return codes
}

// dollars are the currencies that write a plain $, where it is theirs.
func dollars() []string {
	return []string{
		"USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD", "MXN", "XCD", "ARS", "CLP", "COP", "UYU", "DOP", "BBD", "BMD", "BND", "BSD", "BZD",
		"FJD", "GYD", "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD",
	}
}
