package words

import (
	"strconv"
	"strings"
	"unicode"
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

// Split returns an amount as Amount does, in parts: what stands before its decimals, its decimals with their point, and the rest.
func (l *Language) Split(a money.Amount) (whole, decimals, after string) {
	shape := l.shapeOf(a.Currency().Code())
	around := shape.positive
	if a.Minor() < 0 {
		around = shape.negative
	}
	text, after := strings.TrimSuffix(l.Amount(a), around.after), around.after
	if a.Currency().Digits() == 0 {
		return text, "", after
	}
	point := strings.LastIndex(text, shape.point)
	return text[:point], text[point:], after
}

// Rounded returns an amount in whole units, where it has some and they say enough: for comparisons and axes.
func (l *Language) Rounded(a money.Amount) string {
	unit, minor := unitOf(a), a.Minor()
	if small := 10 * unit; minor%unit != 0 && minor > -small && minor < small {
		return l.Amount(a)
	}
	whole := minor / unit
	if rest := minor % unit; rest >= (unit+1)/2 && unit > 1 {
		whole++
	} else if rest <= -(unit+1)/2 && unit > 1 {
		whole--
	}
	shape := l.shapeOf(a.Currency().Code())
	around := shape.positive
	if whole < 0 {
		around, whole = shape.negative, -whole
	}
	return around.before + string(shape.appendDecimal(nil, strconv.FormatInt(whole, 10))) + around.after
}

// OnAxis returns an amount as an axis has it that reaches to top: as Rounded does, or in millions and more where those are what it is of.
func (l *Language) OnAxis(a, top money.Amount) string {
	const million, billion, trillion = 1_000_000, 1_000_000_000, 1_000_000_000_000
	reaches := top.Minor() / unitOf(top)
	name, size := Phrase(""), int64(0)
	switch {
	case reaches >= trillion:
		name, size = "%s tn", trillion
	case reaches >= billion:
		name, size = "%s bn", billion
	case reaches >= 10*million:
		name, size = "%s m", million
	default:
		return l.Rounded(a)
	}
	part := size / 100 * unitOf(a)
	hundredths := a.Minor() / part
	if a.Minor()%part >= part/2 {
		hundredths++
	}
	if hundredths <= 0 {
		return l.Rounded(a)
	}
	decimal := strconv.FormatInt(hundredths/100, 10)
	if rest := hundredths % 100; rest != 0 {
		decimal += "." + strings.TrimRight(strconv.FormatInt(100+rest, 10)[1:], "0")
	}
	shape := l.shapeOf(a.Currency().Code())
	number := string(shape.appendDecimal(nil, decimal))
	return shape.positive.before + l.T(name, number) + shape.positive.after
}

// RoundedDown returns an amount above zero as Rounded does, and never as more than it is: for what may still be spent.
func (l *Language) RoundedDown(a money.Amount) string {
	unit := unitOf(a)
	if a.Minor() >= 10*unit {
		a = money.FromMinor(a.Minor()-a.Minor()%unit, a.Currency())
	}
	return l.Rounded(a)
}

// Short returns an amount without its decimals if they are zeros: for limits and other round amounts that people chose.
func (l *Language) Short(a money.Amount) string {
	if a.Minor()%unitOf(a) == 0 {
		return l.Rounded(a)
	}
	return l.Amount(a)
}

// unitOf returns how many minor units one whole unit of an amount's currency has.
func unitOf(a money.Amount) int64 {
	unit := int64(1)
	for range a.Currency().Digits() {
		unit *= 10
	}
	return unit
}

// Sign returns what the language writes beside amounts of a currency: $, or the code of a currency that has no sign.
func (l *Language) Sign(c money.Currency) string {
	around := l.shapeOf(c.Code()).positive
	return strings.TrimFunc(around.before+around.after, unicode.IsSpace)
}

// Zero returns nothing of a currency as it is typed, 0.00: the hint of a field for its amounts. A code of none stands for own.
func (l *Language) Zero(code string, own money.Currency) string {
	currency, err := money.ParseCurrency(code)
	if err != nil {
		currency = own
	}
	return l.Decimal(money.FromMinor(0, currency).Decimal())
}

// Typed returns an amount as somebody who speaks the language types it: 51,08 in German, without groups. Where a comma before three digits
// could divide thousands, a point stands, which is understood.
func (l *Language) Typed(a money.Amount) string {
	decimal := a.Decimal()
	if a.Currency().Digits() > 2 {
		return decimal
	}
	return strings.Replace(decimal, ".", l.number.point, 1)
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

// Decimal returns a plain decimal, with a point and no sign, as the language writes it: 1.234,5 in German.
func (l *Language) Decimal(decimal string) string {
	return string(l.number.appendDecimal(nil, decimal))
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
