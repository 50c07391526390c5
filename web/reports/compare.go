package reports

import (
	"math"
	"math/bits"
	"strings"

	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/words"
)

// changeView says how the total compares with another.
type changeView struct {
	Before, Strong, After string // a sentence with a part that matters most
	Detail                string
	More                  bool
}

// compare adds how a sum compares with an earlier one, if there was one.
func (v *view) compare(in *words.Language, now, before money.Amount, name string, until reach) {
	const (
		less words.Phrase = "*%s less* than %s"
		more words.Phrase = "*%s more* than %s"
		same words.Phrase = "*As much* as in %s"
	)
	if before.Minor() <= 0 {
		return
	}
	difference := now.Minor() - before.Minor()
	percent := in.Percent(percentOf(abs(difference), before.Minor()))
	c, sentence := changeView{More: difference > 0}, ""
	switch {
	case difference < 0:
		sentence, c.Detail = in.T(less, money.FromMinor(-difference, now.Currency()), name), until.less(in, percent, before)
	case difference > 0:
		sentence, c.Detail = in.T(more, money.FromMinor(difference, now.Currency()), name), until.more(in, percent, before)
	default:
		sentence, c.Detail = in.T(same, name), until.same(in)
	}
	parts := strings.SplitN(sentence, "*", 3)
	c.Before, c.Strong, c.After = parts[0], parts[1], parts[2]
	v.Changes = append(v.Changes, c)
}

func totalOf(totals []expense.Total, own money.Currency) money.Amount {
	for _, t := range totals {
		if t.Amount.Currency() == own {
			return t.Amount
		}
	}
	return money.FromMinor(0, own)
}

// percentOf returns how many percent of a whole above zero a part is, rounded to the nearest. A hundred times a sum may be more than
// 64 bits.
func percentOf(part, whole int64) uint64 {
	high, low := bits.Mul64(uint64(part), 100) //nolint:gosec // not below zero
	of := uint64(whole)                        //nolint:gosec // above zero
	if high >= of {
		return math.MaxInt64
	}
	quotient, rest := bits.Div64(high, low, of)
	if rest >= of-rest {
		quotient++
	}
	return min(quotient, math.MaxInt64)
}

// divided returns a quotient, rounded to the nearest.
func divided(a, b int64) int64 {
	if a < 0 {
		return -divided(-a, b)
	}
	quotient := a / b
	if a%b >= (b+1)/2 {
		quotient++
	}
	return quotient
}

func abs(n int64) int64 { return max(n, -n) }
