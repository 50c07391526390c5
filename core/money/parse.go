package money

import (
	"strconv"
	"strings"
	"unicode"

	"expense-tracker/core/fault"
)

// maxTyped bounds what ParsePrice looks at, in bytes: longer text is no price.
const maxTyped = 64

// ParsePrice reads a price as people type it. The rules:
//
//   - White space around the number is dropped. A price is above zero: an expense is money spent; nothing and less is not.
//   - Digits may stand in groups of three, divided all through by one of: a space, an apostrophe, a comma, a point.
//   - A comma or a point that is not the divider starts the decimals, at most as many as the currency has.
//   - One comma or point with exactly three digits behind it could be either, so it is refused; only a point in a currency of
//     three or more decimals is taken as the decimal point there, for that is how Decimal writes it.
//   - Digits of every script count by their value, and the Arabic marks of decimals and of thousands are what they are.
//   - The currency's code or symbol may stand before or behind. Another currency's contradicts, and is refused.
//   - Numbers may be added and subtracted, exactly: 12.50+3. The sum is above zero. What has the shape of a date is no sum.
//   - Nothing else is a number: no leading sign, no exponent, no underscore.
//
// The error says what to do, for the person who typed it.
func ParsePrice(typed string, c Currency) (Amount, error) {
	s := ascii(strings.TrimFunc(typed, unicode.IsSpace))
	switch {
	case s == "":
		return Amount{}, fault.Refuse(PriceMissing)
	case len(s) > maxTyped:
		return Amount{}, fault.Refuse(PriceTooLong)
	case isNegative(s):
		return Amount{}, fault.Refuse(PriceNegative)
	}
	return sum(s, c)
}

// number reads one number, above zero.
func number(s string, c Currency) (Amount, error) {
	whole, fraction, err := split(normalise(s), c)
	if err != nil {
		return Amount{}, err
	}
	if len(fraction) > c.Digits() {
		return Amount{}, errTooManyDecimals(c)
	}
	digits := strings.TrimLeft(whole+fraction+strings.Repeat("0", c.Digits()-len(fraction)), "0")
	if digits == "" {
		return Amount{}, fault.Refuse(PriceNotAboveZero)
	}
	minor, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || minor > MaxMinor {
		return Amount{}, fault.Refuse(PriceTooLarge, FromMinor(MaxMinor, c))
	}
	return FromMinor(minor, c), nil
}

// normalise turns every kind of space into one and every apostrophe into one.
func normalise(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '’':
			return '\''
		case r != '\n' && r != '\r' && unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
}

var errNotANumber = fault.Refuse("this is not a number; write it like 12.50 or 1\u00a0234.50") // no line ends within

// split tells the whole part's digits from the decimals'.
func split(s string, c Currency) (whole, fraction string, err error) {
	if strings.Trim(s, "0123456789., '") != "" {
		return "", "", errNotANumber
	}
	whole = s
	if mark := decimalMark(s); mark >= 0 {
		whole, fraction = s[:mark], s[mark+1:]
		if ambiguous(whole, fraction, s[mark], c) {
			return "", "", errAmbiguous(whole, fraction, c)
		}
		if fraction == "" || !onlyDigits(fraction) {
			return "", "", errNotANumber
		}
		if whole == "" {
			whole = "0"
		}
	}
	whole, ok := ungroup(whole)
	if !ok {
		return "", "", fault.Refuse("the digits are not in groups of three; write it like 1\u00a0234.50")
	}
	return whole, fraction, nil
}

// decimalMark returns the index of the comma or point that starts the decimals, or -1: the last of them, unless it occurs
// more than once, for then it divides groups.
func decimalMark(s string) int {
	mark := strings.LastIndexAny(s, ".,")
	if mark < 0 || strings.IndexByte(s, s[mark]) != mark {
		return -1
	}
	return mark
}

// ambiguous reports whether the only mark in a number could divide a group as well as start decimals.
func ambiguous(whole, fraction string, mark byte, c Currency) bool {
	couldDivide := len(fraction) == 3 && len(whole) >= 1 && len(whole) <= 3 && onlyDigits(whole+fraction) && whole[0] != '0'
	return couldDivide && (mark != '.' || c.Digits() < 3)
}

// ungroup returns the digits of a whole part without its dividers; false if they do not stand in groups of three.
func ungroup(s string) (string, bool) {
	divider := strings.IndexAny(s, "., '")
	if divider < 0 {
		return s, s != ""
	}
	groups := strings.Split(s, s[divider:divider+1])
	for i, group := range groups {
		if !onlyDigits(group) || len(group) > 3 || (i > 0 && len(group) != 3) || group == "" {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func errAmbiguous(whole, fraction string, c Currency) error {
	switch {
	case len(fraction) <= c.Digits():
		return fault.Refuse("is that thousands or decimals? write %s or %s", whole+fraction, whole+"."+fraction)
	case c.Digits() == 0:
		return fault.Refuse("%s has no decimals; if you mean thousands, write %s", c.Code(), whole+fraction)
	}
	return fault.Refuse("%s has at most %d decimals; if you mean thousands, write %s", c.Code(), c.Digits(), whole+fraction)
}

func errTooManyDecimals(c Currency) error {
	if c.Digits() == 0 {
		return fault.Refuse("%s has no decimals", c.Code())
	}
	return fault.Refuse("%s has at most %d decimals", c.Code(), c.Digits())
}
