package budgets

import (
	"math/bits"
	"strings"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// standingView is how a budget stands, in words and as a bar whose full width is what is planned, or what was spent if that is more.
type standingView struct {
	nameView
	Link string
	Of   []part // spent of planned
	Says string // what is left, or how much it is over
	Over bool
	Near bool
	// What was carried over from the months before; may be empty.
	Carried string
	Width   uint64 // of the bar: 0 to 100
	Mark    uint64 // where the plan ends, if it is over
}

// headView is the one number that the page is opened for.
type headView struct {
	standingView
	Title  string // what the number is
	Number string // for machines
	Whole  string // the number in parts: before the decimals,
	Cents  string // they themselves, with their point,
	After  string // and what follows
	Size   string // a class for a number that is long, or none
	PerDay []part // may be empty
	Pace   []part // where the month will end; may be empty
	Ends   bool   // over
}

// part is a part of a sentence, which may matter more than the rest.
type part struct {
	Text   string
	Strong bool
}

// parts takes a sentence apart at its stars: what stands between two matters most.
func parts(sentence string) []part {
	var all []part
	for i, text := range strings.Split(sentence, "*") {
		if text != "" {
			all = append(all, part{text, i%2 == 1})
		}
	}
	return all
}

const (
	spentOf words.Phrase = "*%s* of %s"
	aDay    words.Phrase = "*%s* a day"
)

func newStanding(in *words.Language, s budget.Standing, name nameView, today civil.Date) standingView {
	const (
		left       words.Phrase = "%s left"
		leftPerDay words.Phrase = "%s left, %s a day"
		over       words.Phrase = "%s over"
		usedUp     words.Phrase = "All of it is spent"
		more       words.Phrase = "with %s carried over"
		less       words.Phrase = "less %s that was overspent before"
	)
	view := standingView{
		nameView: name, Link: addressOf(s.Of), Of: parts(in.T(spentOf, in.Amount(s.Spent), in.Short(s.Planned()))),
		Over: s.IsOver(), Near: s.IsNear(today),
	}
	perDay, some := s.PerDay(today)
	days := s.DaysToGo(today)
	switch {
	case view.Over && days > 0:
		view.Says = in.N("%d day to go, %s over", "%d days to go, %s over", int64(days), in.Amount(negative(s.Left())))
	case view.Over:
		view.Says = in.T(over, in.Amount(negative(s.Left())))
	case s.Left().IsZero():
		view.Says = in.T(usedUp)
	case some:
		view.Says = in.T(leftPerDay, in.Amount(s.Left()), in.Amount(perDay))
	default:
		view.Says = in.T(left, in.Amount(s.Left()))
	}
	switch carried := s.Carried.Minor(); {
	case carried > 0:
		view.Carried = in.T(more, in.Amount(s.Carried))
	case carried < 0:
		view.Carried = in.T(less, in.Amount(negative(s.Carried)))
	}
	if view.Over {
		view.Width, view.Mark = 100, share(s.Planned().Minor(), s.Spent.Minor())
	} else {
		view.Width = share(s.Spent.Minor(), s.Planned().Minor())
	}
	return view
}

// newHead shows a standing with its number. The titles are those of what is left, and of what it is over.
func newHead(in *words.Language, s budget.Standing, name nameView, today civil.Date, left, over words.Phrase) *headView {
	view := headView{standingView: newStanding(in, s, name, today), Title: in.T(left)}
	number := s.Left()
	if view.Over {
		view.Title, number = in.T(over), negative(number)
	}
	view.Number = s.Left().Decimal()
	view.Whole, view.Cents, view.After = in.Split(number)
	view.Size = total.SizeOf(in.Amount(number))
	if perDay, some := s.PerDay(today); some {
		view.PerDay = parts(in.T(aDay, in.RoundedDown(perDay)))
	}
	view.Pace, view.Ends = newPace(in, s, today)
	return &view
}

// newPace says where the month will end, and whether that is more than planned.
func newPace(in *words.Language, s budget.Standing, today civil.Date) (pace []part, over bool) {
	const (
		within  words.Phrase = "At this pace %s ends near *%s*, with %s to spare."
		beyond  words.Phrase = "At this pace %s ends near *%s*, *%s over*."
		exactly words.Phrase = "At this pace %s ends at *%s*, just as planned."
	)
	ends, ok := s.Forecast(today)
	if !ok {
		return nil, false
	}
	rest := budget.Standing{Term: s.Term, Carried: s.Carried, Spent: ends}.Left()
	month, near := in.MonthName(s.Month), in.Rounded(ends)
	switch {
	case rest.Minor() < 0:
		return parts(in.T(beyond, month, near, in.Rounded(negative(rest)))), true
	case rest.IsZero():
		return parts(in.T(exactly, month, near)), false
	}
	return parts(in.T(within, month, near, in.Rounded(rest))), false
}

// negative returns an amount below zero as one above it.
func negative(a money.Amount) money.Amount {
	return money.FromMinor(-max(a.Minor(), -1<<63+1), a.Currency())
}

// share returns how many hundredths of the whole a part is, rounded, from 0 to 100.
func share(part, whole int64) uint64 {
	switch {
	case part <= 0 || whole <= 0:
		return 0
	case part >= whole:
		return 100
	}
	high, low := bits.Mul64(uint64(part), 100)
	low, carry := bits.Add64(low, uint64(whole)/2, 0)
	quotient, _ := bits.Div64(high+carry, low, uint64(whole))
	return quotient
}
