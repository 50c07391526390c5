package expenses

import (
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/altogether"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/planned"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// glanceView is what people open the page for: the month's total, and how it stands against the month before.
type glanceView struct {
	Month      string
	Day        string           // of how many
	Totals     []total.View     // the ledger's own currency first, even if it has no expense
	Altogether *altogether.Line // what the totals make; nil if there is nothing to say
	Planned    *planned.Line    // what is left of the month's budget; nil without one
	Pace       *paceView        // nil if there is nothing to compare with
	Chart      *chart.Pace      // likewise
}

// paceView says how a month stands against the one before.
type paceView struct {
	words.Starred
	More bool // than before
}

func newGlance(in *words.Language, today civil.Date, totals []total.View, days []expense.DayTotal, own money.Currency) glanceView {
	const dayOf words.Phrase = "day %d of %d"
	month := today.MonthOf()
	view := glanceView{
		Month: in.Month(month), Day: in.T(dayOf, today.Day, month.Last().Day), Totals: totals,
		Pace: newPace(in, days, today, own), Chart: chart.NewPace(in, days, today, own),
	}
	return view
}

// newPace compares a month until today with the one before until the same day. The part of its phrases between stars is set strong.
func newPace(in *words.Language, days []expense.DayTotal, today civil.Date, own money.Currency) *paceView {
	const (
		less words.Phrase = "*%s less* than %s by this day"
		more words.Phrase = "*%s more* than %s by this day"
		same words.Phrase = "*As much* as in %s by this day"
	)
	last := today.MonthOf().AddMonths(-1)
	now, errNow := chart.SpentBy(days, today.MonthOf(), today.Day, own)
	before, errBefore := chart.SpentBy(days, last, today.Day, own)
	difference, err := money.AddMinor(now.Minor(), -before.Minor())
	if before.IsZero() || errNow != nil || errBefore != nil || err != nil {
		return nil
	}
	switch {
	case difference < 0:
		return &paceView{words.AtStars(in.T(less, in.Rounded(money.FromMinor(-difference, own)), in.MonthName(last))), false}
	case difference > 0:
		return &paceView{words.AtStars(in.T(more, in.Rounded(money.FromMinor(difference, own)), in.MonthName(last))), true}
	}
	return &paceView{words.AtStars(in.T(same, in.MonthName(last))), false}
}
