package chart

import (
	"math"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/words"
)

// Pace is a month's spending as it adds up day by day, beside the month before. Positions are in per mille of the picture.
type Pace struct {
	Now, Area, Before string // points of lines; Before is empty if nothing was spent in the month before
	BeforeName        string
	X, Y              string // of today's dot, in per cent, without the sign
	Until             string // of the line down from it
	Figures           []string
	Wide              string // of the column of figures, in em
	Days              []Tick
}

// Tick is a name on an axis.
type Tick struct {
	X      string // in per cent, without the sign
	Anchor string // start, middle or end
	Text   string
	Strong bool
}

// side is the length of each side of a stretched picture.
const side = 1000

// grid is how many parts an axis has.
const grid = 4

// NewPace returns the chart of a month until today, of the totals of its days and of those of the month before, in one currency; nil if
// neither has any, or if a sum on the way is larger than can be kept exactly.
func NewPace(in *words.Language, days []expense.DayTotal, today civil.Date, own money.Currency) *Pace {
	month := today.MonthOf()
	last := month.AddMonths(-1)
	now, errNow := cumulated(days, month, own)
	before, errBefore := cumulated(days, last, own)
	if errNow != nil || errBefore != nil {
		return nil
	}
	length := month.Last().Day
	reached := now[:today.Day]
	before = before[:min(len(before), length)]
	top := max(highest(reached), highest(before))
	if top == 0 {
		return nil
	}
	step := stepOf(top)
	top = step * grid
	x := func(day int) uint64 { return uint64(day-1) * side / uint64(length-1) } //nolint:gosec // days of a month
	points := func(sums []int64) string {
		var b strings.Builder
		for i, sum := range sums {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.FormatUint(x(i+1), 10) + "," + strconv.FormatUint(side-scale(sum, top, side), 10))
		}
		return b.String()
	}
	at := x(today.Day)
	p := &Pace{
		Now: points(reached), X: tenths(at), Y: tenths(side - scale(reached[today.Day-1], top, side)),
		Until: strconv.FormatUint(at, 10),
	}
	p.Area = "0," + strconv.Itoa(side) + " " + p.Now + " " + p.Until + "," + strconv.Itoa(side)
	if highest(before) > 0 {
		p.Before, p.BeforeName = points(before), in.MonthName(last)
	}
	p.Figures, p.Wide = figures(in, step, own)
	for _, day := range []int{1, 8, 15, 22, length} {
		if near := day - today.Day; near > -6 && near < 6 {
			continue // today's name stands there
		}
		p.Days = append(p.Days, tickAt(day, length, tenths(x(day)), in.Number(int64(day)), false))
	}
	p.Days = append(p.Days, tickAt(today.Day, length, p.X, in.Today(), true))
	return p
}

// tickAt returns the name of a day, which stays within the picture at both ends.
func tickAt(day, length int, x, text string, strong bool) Tick {
	t := Tick{X: x, Anchor: "middle", Text: text, Strong: strong}
	switch {
	case day <= 2:
		t.X, t.Anchor = "0", "start"
	case day >= length-1:
		t.X, t.Anchor = "100", "end"
	}
	return t
}

// cumulated returns what was spent by the end of each day of a month, or money.ErrOverflow. The sum of the whole month is kept exactly, but
// one on the way may be larger: before a refund, say.
func cumulated(days []expense.DayTotal, month civil.Month, own money.Currency) ([]int64, error) {
	sums := make([]int64, month.Last().Day)
	for _, d := range days {
		if d.Day.MonthOf() == month && d.Amount.Currency() == own {
			sums[d.Day.Day-1] = d.Amount.Minor() // a day has one total of a currency
		}
	}
	for i := 1; i < len(sums); i++ {
		sum, err := money.AddMinor(sums[i-1], sums[i])
		if err != nil {
			return nil, err
		}
		sums[i] = sum
	}
	return sums, nil
}

// SpentBy returns what was spent in a month by the end of a day of it, of the totals of its days, or money.ErrOverflow. A shorter month has
// ended by then.
func SpentBy(days []expense.DayTotal, month civil.Month, day int, own money.Currency) (money.Amount, error) {
	sums, err := cumulated(days, month, own)
	if err != nil {
		return money.Amount{}, err
	}
	return money.FromMinor(sums[min(day, len(sums))-1], own), nil
}

func highest(sums []int64) int64 {
	var most int64
	for _, sum := range sums {
		most = max(most, sum)
	}
	return most
}

// stepOf returns the least round step of an axis that reaches a sum in four: 1, 1.5, 2, 2.5, 3, 4 or 5 times a power of ten, in minor units
// and never a part of one. Where no number holds such an axis, it is the largest that one does.
func stepOf(top int64) int64 {
	least := (top-1)/grid + 1
	for step := int64(1); step <= 5; step++ { // too small for halves
		if step >= least {
			return step
		}
	}
	for power := int64(10); power <= 1e18; power *= 10 {
		for _, tenths := range []int64{10, 15, 20, 25, 30, 40, 50} {
			if step := power / 10 * tenths; step >= least && step <= math.MaxInt64/grid {
				return step
			}
		}
	}
	return min(least, math.MaxInt64/grid)
}

// figures returns the names of an axis from its top to zero, and the room that they need.
func figures(in *words.Language, step int64, own money.Currency) (names []string, wide string) {
	longest := 0
	for i := grid; i >= 0; i-- {
		name := in.OnAxis(money.FromMinor(step*int64(i), own), money.FromMinor(step*grid, own))
		longest = max(longest, len([]rune(name)))
		names = append(names, name)
	}
	return names, em(longest)
}

// em returns the room of so many characters of an axis.
func em(characters int) string { return strconv.Itoa((characters*62 + 99) / 100) }

// tenths returns a tenth of n as a decimal, with the sign of per cents left to the template.
func tenths(n uint64) string {
	return strconv.FormatUint(n/10, 10) + "." + strconv.FormatUint(n%10, 10)
}
