package rate

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/cockroachdb/apd/v3"

	"expense-tracker/core/fault"
	"expense-tracker/core/text"
)

// The digits that a value may have.
const (
	MaxWhole    = 12 // before the point
	MaxDecimals = 10 // behind it
)

// maxTyped bounds what ParseValue looks at, in bytes: longer text is no rate.
const maxTyped = 64

// Value is an exact decimal above zero: how many units of one currency one unit of another is worth. Values compare with ==.
type Value struct {
	decimal string // without needless zeros, such as 1.0952
}

// String returns the value as a plain decimal with a point and without needless zeros: what SQL and pages carry.
func (v Value) String() string { return v.decimal }

// IsZero reports whether v is no value.
func (v Value) IsZero() bool { return v == Value{} }

// Typed returns the value as ParseValue reads it back. Three decimals get a zero behind them, for they could be thousands.
func (v Value) Typed() string {
	if whole, fraction, _ := strings.Cut(v.decimal, "."); len(fraction) == 3 && whole != "0" {
		return v.decimal + "0"
	}
	return v.decimal
}

// ParseValue reads a rate as people type it. The rules:
//
//   - White space is dropped, and so are apostrophes: neither starts decimals anywhere.
//   - One comma or point starts the decimals. With exactly three digits behind it and one to three before it, the first no zero,
//     it could divide thousands as well, so it is refused: another zero behind it says what is meant.
//   - There are at most MaxWhole digits before the point and MaxDecimals behind it, and one of them is not zero.
//   - Nothing else is a number: no sign, no exponent, no currency symbol.
//
// The error says what to do, for the person who typed it.
func ParseValue(typed string) (Value, error) {
	s := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\'', r == '’':
			return -1
		case r == ',':
			return '.'
		case r == '−':
			return '-'
		}
		return r
	}, text.WithoutDirections(typed))
	if s == "" {
		return Value{}, fault.Refuse("enter a rate, such as 1.0952")
	}
	if strings.HasPrefix(s, "-") && len(s) > 1 && strings.Trim(s[1:], "0123456789.") == "" {
		return Value{}, fault.Refuse(aboveZero)
	}
	whole, fraction, marked := strings.Cut(s, ".")
	if len(s) > maxTyped || strings.Trim(whole+fraction, "0123456789") != "" || whole+fraction == "" || marked && fraction == "" {
		return Value{}, fault.Refuse("this is not a number; write it like 1.0952")
	}
	if len(fraction) == 3 && len(whole) >= 1 && len(whole) <= 3 && whole[0] != '0' {
		return Value{}, fault.Refuse("is that thousands or decimals? write %s or %s", whole+fraction, whole+"."+fraction+"0")
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	switch {
	case whole+fraction == "":
		return Value{}, fault.Refuse(aboveZero)
	case len(whole) > MaxWhole || len(fraction) > MaxDecimals:
		return Value{}, fault.Refuse("a rate has at most %d digits before the point and %d behind it", MaxWhole, MaxDecimals)
	}
	return valueOf(whole, fraction), nil
}

const aboveZero fault.Phrase = "a rate is more than zero"

// FromDecimal reads a plain decimal as a storage holds it. It is for trusted text; ParseValue reads what people type.
func FromDecimal(s string) (Value, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	if whole == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return Value{}, fmt.Errorf("%q is not a rate", s)
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole+fraction == "" || len(whole) > MaxWhole || len(fraction) > MaxDecimals {
		return Value{}, fmt.Errorf("%q is not a rate that can be kept", s)
	}
	return valueOf(whole, fraction), nil
}

// valueOf returns the value of digits that have no needless zeros.
func valueOf(whole, fraction string) Value {
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return Value{whole}
	}
	return Value{whole + "." + fraction}
}

// exact returns the value as a decimal to count with.
func (v Value) exact() (*apd.Decimal, error) {
	d, _, err := apd.NewFromString(v.decimal)
	return d, err
}
