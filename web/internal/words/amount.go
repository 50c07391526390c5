package words

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"expense-tracker/core/money"
)

// Amount returns an amount as the language writes it: 1.234,50 € in German. It is what the library's formatter returns.
func (l *Language) Amount(a money.Amount) string {
	shape := l.shapeOf(a.Currency().Code())
	decimal, negative := strings.CutPrefix(a.Decimal(), "-")
	around := shape.positive
	if negative {
		around = shape.negative
	}
	buffer := make([]byte, 0, 40)
	buffer = append(buffer, around.before...)
	buffer = shape.appendDecimal(buffer, decimal)
	return string(append(buffer, around.after...))
}

// Number returns a whole number as the language writes it: 1.234 in German.
func (l *Language) Number(n int64) string {
	decimal, negative := strings.CutPrefix(strconv.FormatInt(n, 10), "-")
	around := l.number.positive
	if negative {
		around = l.number.negative
	}
	return around.before + string(l.number.appendDecimal(nil, decimal)) + around.after
}

// Percent returns whole percents as the language writes them.
func (l *Language) Percent(n uint64) string {
	return l.share.before + l.Number(int64(n)) + l.share.after //nolint:gosec // at most 100
}

// appendDecimal appends a plain decimal in the shape's digits, groups and point.
func (s shape) appendDecimal(buffer []byte, decimal string) []byte {
	whole, fraction, _ := strings.Cut(decimal, ".")
	grouped := len(whole) >= s.smallest
	for i, digit := range whole {
		left := len(whole) - i
		if i > 0 && grouped && left >= s.first && (left-s.first)%s.others == 0 {
			buffer = append(buffer, s.group...)
		}
		buffer = utf8.AppendRune(buffer, s.zero+digit-'0')
	}
	if fraction != "" {
		buffer = append(buffer, s.point...)
		for _, digit := range fraction {
			buffer = utf8.AppendRune(buffer, s.zero+digit-'0')
		}
	}
	return buffer
}
