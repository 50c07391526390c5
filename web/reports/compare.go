package reports

import (
	"math"
	"math/bits"

	"expense-tracker/core/money"
	"expense-tracker/web/internal/words"
)

// changeView says how the total compares with another.
type changeView struct {
	words.Starred
	Detail string
	More   bool
}

// compare adds how a sum compares with an earlier one, if there was one.
func (v *view) compare(in *words.Language, now, before money.Amount, name string, until reach) {
	const (
		less words.Phrase = "*%s less* than %s"
		more words.Phrase = "*%s more* than %s"
		same words.Phrase = "*As much* as in %s"
	)
	difference, err := money.AddMinor(now.Minor(), -before.Minor())
	if before.Minor() <= 0 || err != nil {
		return
	}
	percent := percentOf(difference, before.Minor())
	c, sentence := changeView{More: difference > 0}, ""
	switch {
	case difference < 0:
		sentence = in.T(less, money.FromMinor(-difference, now.Currency()), name)
		c.Detail = until.say(in, phrases{
			"%s less than %s", "by this day, %s less than %s", "by the end of %s, %s less than %s",
		}, in.Percent(percent), before)
	case difference > 0:
		sentence = in.T(more, money.FromMinor(difference, now.Currency()), name)
		c.Detail = moreThan(in, before, percent, until)
	default:
		sentence, c.Detail = in.T(same, name), until.say(in, phrases{"", "by this day", "by the end of %s"})
	}
	c.Starred = words.AtStars(sentence)
	v.Changes = append(v.Changes, c)
}

// moreThan says how much more than an earlier sum something is: in per cent, or as how many times as much once that reads better.
func moreThan(in *words.Language, before money.Amount, percent uint64, until reach) string {
	const inTimes = 1000
	if percent >= inTimes {
		return until.say(in, phrases{
			"%d times as much as %s", "by this day, %d times as much as %s", "by the end of %s, %d times as much as %s",
		}, int64((percent+150)/100), before) //nolint:gosec // a hundredth of what a number holds
	}
	return until.say(in, phrases{
		"%s more than %s", "by this day, %s more than %s", "by the end of %s, %s more than %s",
	}, in.Percent(percent), before)
}

// percentOf returns how many per cent a difference, below zero or not, is of a sum above zero: rounded, and at most what a number holds.
func percentOf(difference, sum int64) uint64 {
	size := uint64(difference) //nolint:gosec // its sign is seen to next
	if difference < 0 {
		size = -size
	}
	high, low := bits.Mul64(size, 100)
	low, carry := bits.Add64(low, uint64(sum)/2, 0) //nolint:gosec // above zero
	high += carry
	if high >= uint64(sum) { //nolint:gosec // above zero
		return math.MaxInt64
	}
	quotient, _ := bits.Div64(high, low, uint64(sum)) //nolint:gosec // above zero
	return min(quotient, math.MaxInt64)
}
