package money

import (
	"strconv"
	"strings"
	"unicode"

	"expense-tracker/core/fault"
)

// ascii writes the digits of every script by their value in ASCII, and the marks of Arabic and of wide characters as those that ASCII
// has for them. The Arabic divider of thousands becomes an apostrophe, for that is no decimal mark either.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r <= unicode.MaxASCII:
			return r
		case r == '٫' || r == '．':
			return '.'
		case r == '，':
			return ','
		case r == '٬':
			return '\''
		case r == '−' || r == '－':
			return '-'
		case r == '＋':
			return '+'
		case unicode.Is(unicode.Nd, r):
			return '0' + value(r)
		}
		return r
	}, s)
}

// value returns what a decimal digit counts. Unicode has the ten digits of a script in one row, the zero first.
func value(digit rune) rune {
	for _, in := range unicode.Nd.R16 {
		if rune(in.Lo) <= digit && digit <= rune(in.Hi) {
			return (digit - rune(in.Lo)) % 10
		}
	}
	for _, in := range unicode.Nd.R32 {
		if int64(in.Lo) <= int64(digit) && int64(digit) <= int64(in.Hi) {
			return rune((int64(digit) - int64(in.Lo)) % 10)
		}
	}
	return 0
}

// sum reads numbers with plus and minus between them, exactly. The sum is a price, so it is above zero.
func sum(s string, c Currency) (Amount, error) {
	if isDate(s) {
		return Amount{}, errNotANumber
	}
	total, sign := int64(0), int64(1)
	for {
		term, rest, operator := cutTerm(s)
		figures, marks := unmarked(term)
		if figures == "" {
			return Amount{}, errNotANumber
		}
		for _, mark := range marks {
			if !c.isMeantBy(mark) {
				return Amount{}, fault.Refuse("this says %s, but the currency is %s", mark, c.Code())
			}
		}
		amount, err := number(figures, c)
		if err != nil {
			return Amount{}, err
		}
		total += sign * amount.minor // at most 32 terms of fifteen digits: far from 64 bits
		if operator == 0 {
			break
		}
		if s, sign = rest, 1; operator == '-' {
			sign = -1
		}
	}
	switch {
	case total <= 0:
		return Amount{}, fault.Refuse(PriceNotAboveZero)
	case total > MaxMinor:
		return Amount{}, fault.Refuse(PriceTooLarge, FromMinor(MaxMinor, c))
	}
	return FromMinor(total, c), nil
}

// cutTerm returns what stands before the first plus or minus, what stands behind it, and which it is; 0 if there is none.
func cutTerm(s string) (term, rest string, operator byte) {
	if i := strings.IndexAny(s, "+-"); i >= 0 {
		return s[:i], s[i+1:], s[i]
	}
	return s, "", 0
}

// isDate reports whether s has the shape of a day: 2026-11-03, 03-11-2026, 3.11.2026 or 3.11.26. Read as a sum it would be a wrong one.
func isDate(s string) bool {
	for _, divider := range []string{"-", "."} {
		parts := strings.Split(s, divider)
		if len(parts) != 3 || !onlyDigits(parts[0]+parts[1]+parts[2]) {
			continue
		}
		year, month, day := parts[0], parts[1], parts[2]
		if len(year) != 4 {
			year, day = day, year
		}
		short := divider == "." && len(year) == 2
		if (len(year) == 4 || short) && isWithin(month, 12) && isWithin(day, 31) {
			return true
		}
	}
	return false
}

// isWithin reports whether s is one or two digits of a number from 1 to most.
func isWithin(s string, most int) bool {
	n, err := strconv.Atoi(s)
	return err == nil && len(s) <= 2 && n >= 1 && n <= most
}

// isNegative reports whether s is a number with a minus before it, so that it gets a clearer answer.
func isNegative(s string) bool {
	first := strings.IndexAny(s, "0123456789")
	if first < 0 {
		return false
	}
	before, more, found := strings.Cut(s[:first], "-")
	if !found {
		return false
	}
	figures, _ := unmarked(before + more + s[first:])
	return strings.Trim(figures, "0123456789., '") == ""
}
