package postgres

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"expense-tracker/adapters/internal/relocation"
)

// errValue is the error for a value that cannot be written as it travels. It is a fault of what stored it.
var errValue = errors.New("a stored value is not what its column is for")

// way turns rows of a pair between PostgreSQL's values and those that travel.
type way struct {
	pair     relocation.Pair
	currency int // column
	digits   map[string]int32
}

func newWay(p relocation.Pair, digits map[string]int32) way {
	w := way{pair: p, currency: -1, digits: digits}
	for i, c := range p.From.Columns {
		if c.Name == "currency" {
			w.currency = i
		}
	}
	return w
}

// from turns a row in place into one that travels.
func (w way) from(row []any) error {
	for i, kind := range w.pair.Kinds {
		if row[i] == nil {
			continue
		}
		var err error
		if row[i], err = w.valueFrom(kind, row[i], row); err != nil {
			return fmt.Errorf("%s.%s: %w", w.pair.Name(), w.pair.From.Columns[i].Name, err)
		}
	}
	return nil
}

func (w way) valueFrom(kind relocation.Kind, value any, row []any) (any, error) {
	switch v := value.(type) {
	case int16:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case time.Time:
		if kind == relocation.Day {
			return v.Format(time.DateOnly), nil
		}
		return v.UTC().Format(relocation.MomentLayout), nil
	case pgtype.Numeric:
		if kind == relocation.Money {
			return w.minor(v, row)
		}
		return decimalText(v)
	case int64, string, []byte:
		return v, nil
	}
	return nil, fmt.Errorf("%w: a %T", errValue, value)
}

// minor returns an amount in minor units of the row's currency.
func (w way) minor(n pgtype.Numeric, row []any) (int64, error) {
	digits, err := w.digitsOf(row)
	if err != nil || !n.Valid || n.NaN || n.InfinityModifier != pgtype.Finite {
		return 0, errors.Join(err, fmt.Errorf("%w: no finite amount", errValue))
	}
	units, exponent := new(big.Int).Set(n.Int), n.Exp+digits
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exponent, -exponent))), nil)
	if exponent >= 0 {
		units.Mul(units, ten)
	} else if _, rest := units.QuoRem(units, ten, new(big.Int)); rest.Sign() != 0 {
		return 0, fmt.Errorf("%w: more decimals than its currency has", errValue)
	}
	if !units.IsInt64() {
		return 0, fmt.Errorf("%w: too large", errValue)
	}
	return units.Int64(), nil
}

func (w way) digitsOf(row []any) (int32, error) {
	code, is := row[w.currency].(string)
	digits, known := w.digits[code]
	if !is || !known {
		return 0, fmt.Errorf("%w: the currency %v is in no table", errValue, row[w.currency])
	}
	return digits, nil
}

// decimalText writes a decimal with the decimals that it was stored with.
func decimalText(n pgtype.Numeric) (string, error) {
	text, err := n.MarshalJSON() // digits with a point, and no exponent unless it is above zero
	if err != nil || !n.Valid || n.NaN || n.InfinityModifier != pgtype.Finite {
		return "", errors.Join(err, fmt.Errorf("%w: no finite decimal", errValue))
	}
	return string(text), nil
}

// to turns a row that travelled into PostgreSQL's values, in place. The row is of the other storage's order, which is the pair's.
func (w way) to(row []any) error {
	money := make([]any, len(row)) // a currency is read while amounts are turned
	copy(money, row)
	for i, kind := range w.pair.Kinds {
		if row[i] == nil {
			continue
		}
		var err error
		if row[i], err = w.valueTo(kind, w.pair.To.Columns[i].Type, row[i], money); err != nil {
			return fmt.Errorf("%s.%s: %w", w.pair.Name(), w.pair.To.Columns[i].Name, err)
		}
	}
	return nil
}

func (w way) valueTo(kind relocation.Kind, native relocation.Native, value any, row []any) (any, error) {
	switch kind {
	case relocation.Whole:
		if number, is := value.(int64); is && native == relocation.Truth {
			return number != 0, nil
		}
		return value, nil
	case relocation.Day, relocation.Moment:
		text, is := value.(string)
		if !is {
			return nil, fmt.Errorf("%w: a %T", errValue, value)
		}
		layout := time.DateOnly
		if kind == relocation.Moment {
			layout = relocation.MomentLayout
		}
		return time.Parse(layout, text)
	case relocation.Money:
		minor, is := value.(int64)
		if !is {
			return nil, fmt.Errorf("%w: a %T", errValue, value)
		}
		digits, err := w.digitsOf(row)
		return pgtype.Numeric{Int: big.NewInt(minor), Exp: -digits, Valid: true}, err
	case relocation.Decimal:
		text, is := value.(string)
		if !is {
			return nil, fmt.Errorf("%w: a %T", errValue, value)
		}
		var n pgtype.Numeric
		err := n.Scan(text)
		return n, err
	case relocation.Text, relocation.Bytes:
		return value, nil
	}
	return nil, fmt.Errorf("%w: of no kind", errValue)
}
