package budget

import (
	"math"

	"expense-tracker/core/civil"
	"expense-tracker/core/money"
)

// Standing is how a budget stands in a month. All amounts are in the currency of its limit: what was spent in others does not count.
type Standing struct {
	Category CategoryID // as the expenses show it: where it was merged, the one that is left
	Of       CategoryID // that the budget was made for
	Month    civil.Month
	Term     Term         // in force in the month
	Carried  money.Amount // left of the months before; below zero if they were overspent
	Spent    money.Amount
}

// Planned is what the month may cost: the limit and what was carried over. It is zero or less if more than that was overspent before.
func (s Standing) Planned() money.Amount { return plus(s.Term.Limit, s.Carried) }

// Left is what is not spent yet; below zero if more was spent than planned.
func (s Standing) Left() money.Amount { return minus(s.Planned(), s.Spent) }

// IsOver reports whether more was spent than planned.
func (s Standing) IsOver() bool { return s.Left().Minor() < 0 }

// nearParts says when a budget is nearly used up: when at most one of so many parts is left.
const nearParts = 20

// IsNear reports whether at most a twentieth is left, and the budget is not overspent. A day must be left to spend it on.
func (s Standing) IsNear(today civil.Date) bool {
	return !s.IsOver() && s.Spent.Minor() > 0 && s.Left().Minor() <= s.Planned().Minor()/nearParts && s.DaysToGo(today) > 0
}

// DaysToGo returns how many days of the month come after today; 0 for a month that is over.
func (s Standing) DaysToGo(today civil.Date) int {
	return max(0, daysOf(s.Month)-s.daysGone(today))
}

// PerDay is what is left for each day to go, rounded down; false if nothing is left or no day is.
func (s Standing) PerDay(today civil.Date) (money.Amount, bool) {
	days, left := s.DaysToGo(today), s.Left()
	if days == 0 || left.Minor() <= 0 {
		return money.Amount{}, false
	}
	return money.FromMinor(left.Minor()/int64(days), left.Currency()), true
}

// firstDays is how many days of a month tell nothing yet: one rent would look like a year's.
const firstDays = 6

// Forecast is what the month will have cost at the pace of its days so far, rounded to the nearest minor unit; false for another month
// than today's, in its first days, and on its last one.
func (s Standing) Forecast(today civil.Date) (money.Amount, bool) {
	gone, days := int64(s.daysGone(today)), int64(daysOf(s.Month))
	if s.Month != today.MonthOf() || gone <= firstDays || gone == days {
		return money.Amount{}, false
	}
	spent := s.Spent.Minor()
	whole, rest := spent/gone, spent%gone // so that the product stays within 64 bits
	if magnitude := max(whole, -whole); magnitude > math.MaxInt64/days-1 {
		return money.Amount{}, false
	}
	half := gone / 2
	if rest < 0 {
		half = -half
	}
	return money.FromMinor(whole*days+(rest*days+half)/gone, s.Spent.Currency()), true
}

// daysGone returns how many days of the month have come, today included.
func (s Standing) daysGone(today civil.Date) int {
	switch now := today.MonthOf().Number(); {
	case s.Month.Number() < now:
		return daysOf(s.Month)
	case s.Month.Number() > now:
		return 0
	}
	return today.Day
}

func daysOf(m civil.Month) int { return m.Last().Day }

// Sum returns the standing of several budgets of one month and currency together.
func Sum(all []Standing) (sum Standing) {
	for i, s := range all {
		if i == 0 {
			sum = s
			continue
		}
		sum.Term.Limit, sum.Carried, sum.Spent = plus(sum.Term.Limit, s.Term.Limit), plus(sum.Carried, s.Carried), plus(sum.Spent, s.Spent)
	}
	return sum
}

// plus adds amounts of one currency. A sum that leaves 64 bits ends at the largest that they hold: only totals that no price leads to
// can bring it about, and a page has to show them all the same.
func plus(a, b money.Amount) money.Amount {
	sum, err := money.AddMinor(a.Minor(), b.Minor())
	if err != nil {
		if sum = math.MaxInt64; a.Minor() < 0 {
			sum = math.MinInt64
		}
	}
	return money.FromMinor(sum, a.Currency())
}

func minus(a, b money.Amount) money.Amount {
	return plus(a, money.FromMinor(-max(b.Minor(), -math.MaxInt64), b.Currency()))
}
