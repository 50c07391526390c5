package money

import (
	"strings"
	"unicode"

	"github.com/bojanz/currency"

	"expense-tracker/core/fault"
)

// asciiDigits writes the digits of every script by their value in ASCII.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= unicode.MaxASCII || !unicode.Is(unicode.Nd, r) {
			return r
		}
		for _, in := range unicode.Nd.R16 {
			if rune(in.Lo) <= r && r <= rune(in.Hi) {
				return '0' + (r-rune(in.Lo))%10
			}
		}
		for _, in := range unicode.Nd.R32 {
			if rune(in.Lo) <= r && r <= rune(in.Hi) {
				return '0' + (r-rune(in.Lo))%10
			}
		}
		return r
	}, s)
}

// withoutSymbol drops one code or symbol of c, before the number or behind it. A plain "$" stands for every dollar.
func withoutSymbol(s string, c Currency) string {
	marks := []string{c.code}
	if symbol, ok := currency.GetSymbol(c.code, currency.Locale{Language: "en"}); ok {
		marks = append(marks, symbol)
		if strings.HasSuffix(symbol, "$") {
			marks = append(marks, "$")
		}
	}
	for _, mark := range marks {
		if n := len(mark); n > 0 && len(s) > n {
			if strings.EqualFold(s[:n], mark) {
				return strings.TrimSpace(s[n:])
			}
			if strings.EqualFold(s[len(s)-n:], mark) {
				return strings.TrimSpace(s[:len(s)-n])
			}
		}
	}
	return s
}

// sum reads numbers with plus and minus between them, exactly. The sum is a price, so it is above zero.
func sum(s string, c Currency) (Amount, error) {
	s = strings.ReplaceAll(s, "−", "-")
	total, sign := int64(0), int64(1)
	for {
		end := strings.IndexAny(s, "+-")
		term := s
		if end >= 0 {
			term = s[:end]
		}
		if strings.TrimSpace(term) == "" {
			return Amount{}, errNotANumber
		}
		amount, err := number(strings.TrimSpace(term), c)
		if err != nil {
			return Amount{}, err
		}
		total += sign * amount.minor // at most 32 terms of fifteen digits: far from 64 bits
		if end < 0 {
			break
		}
		sign = 1
		if s[end] == '-' {
			sign = -1
		}
		s = s[end+1:]
	}
	switch {
	case total <= 0:
		return Amount{}, fault.Refuse("a price is more than zero")
	case total > MaxMinor:
		return Amount{}, fault.Refuse("a price is at most %s", FromMinor(MaxMinor, c))
	}
	return FromMinor(total, c), nil
}
