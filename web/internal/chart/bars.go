package chart

import (
	"slices"
	"strconv"
	"strings"

	"expense-tracker/core/money"
	"expense-tracker/web/internal/words"
)

// Column is what a bar is about.
type Column struct {
	Name   string // whole, for those who hear it and for the table
	Short  string // below the bar; empty for none
	Amount money.Amount
	Link   string // to its expenses; empty for none
	Colour string // of what it is for; empty for the picture's own
	Now    bool   // it is not over: it stands hollow, or strong among days
	Future bool   // it has not begun
}

// Bars is a chart of columns of one currency. Positions are in per cent of the picture.
type Bars struct {
	Columns []ColumnView
	Zero    string // where the bars stand
	Lines   []Line // of the grid, from the top
	Average *Line  // nil if there is none
	Wide    string // of the figures' column, in em
	Cut     []Column
	Below   bool // some days brought more back than was spent
	Names   []Tick
}

// ColumnView is one bar, and its row of the table.
type ColumnView struct {
	Name, Amount, Link      string
	Colour                  string
	X, Y, Width, Height     string
	Hollow, Strong, Notched bool
	Future                  bool
}

// Line is a horizontal line with its figure.
type Line struct{ Y, Text string }

// room is what a picture has above zero where something hangs below it, in per mille.
const room = 880

// NewBars makes a chart of columns with their average; nil if all are zero. An unfinished column is hollow if it should be, or strong.
func NewBars(in *words.Language, columns []Column, average *money.Amount, currency money.Currency, hollow bool) *Bars {
	return newBars(in, columns, average, currency, hollow, reach)
}

// NewPayments makes a chart of days on which something is paid, as NewBars does, with an axis for a few that differ much.
func NewPayments(in *words.Language, days []Column, currency money.Currency) *Bars {
	return newBars(in, days, nil, currency, false, reachOfFew)
}

func newBars(
	in *words.Language, columns []Column, average *money.Amount, currency money.Currency, hollow bool, reach func(above []int64) int64,
) *Bars {
	var above []int64
	b := &Bars{}
	for _, c := range columns {
		if c.Amount.Minor() > 0 {
			above = append(above, c.Amount.Minor())
		}
		b.Below = b.Below || c.Amount.Minor() < 0
	}
	if len(above) == 0 && !b.Below {
		return nil
	}
	slices.Sort(above)
	step := stepOf(max(reach(above), 1))
	top, height := step*grid, uint64(side)
	if b.Below {
		height = room
	}
	width := side * 10 / uint64(len(columns))
	for i, c := range columns {
		view := ColumnView{
			Name: c.Name, Amount: in.Amount(c.Amount), Link: c.Link, Colour: c.Colour, Future: c.Future,
			Hollow: c.Now && hollow, Strong: c.Now && !hollow,
			X: hundredths(uint64(i)*width + width/6), Width: hundredths(width * 2 / 3),
		}
		minor := c.Amount.Minor()
		tall := scale(minor, top, height)
		if minor > 0 {
			tall = max(tall, side/100)
		}
		view.Y, view.Height = tenths(height-tall), tenths(tall)
		if minor < 0 {
			view.Y, view.Height, view.Hollow = tenths(height), tenths(max(scale(-minor, top, height), 20)), true
			if scale(-minor, top, height) > side-height {
				view.Height = tenths(side - height)
			}
		}
		if minor > top {
			view.Notched = true
			b.Cut = append(b.Cut, c)
		}
		b.Columns = append(b.Columns, view)
		if c.Short != "" {
			x := uint64(i)*width + width/2
			b.Names = append(b.Names, Tick{X: hundredths(x), Anchor: "middle", Text: c.Short, Strong: c.Now})
		}
	}
	b.Zero = tenths(height)
	longest := 0
	line := func(minor int64) Line {
		text := in.OnAxis(money.FromMinor(minor, currency), money.FromMinor(top, currency))
		longest = max(longest, len([]rune(text)))
		return Line{Y: tenths(height - scale(minor, top, height)), Text: text}
	}
	at := uint64(side * 2)
	if average != nil && average.Minor() > 0 && average.Minor() <= top {
		mean := line(average.Minor())
		b.Average, at = &mean, height-scale(average.Minor(), top, height)
	}
	for _, minor := range []int64{top, top / 2, 0} {
		l := line(minor)
		if y := height - scale(minor, top, height); y < at+120 && at < y+120 {
			l.Text = "" // the average's figure stands there
		}
		b.Lines = append(b.Lines, l)
	}
	b.Wide = em(longest)
	return b
}

// CutToFit says which columns are higher than the axis; empty if none is.
func (b *Bars) CutToFit(in *words.Language) string {
	const cut words.Phrase = "Cut to fit: %s."
	if len(b.Cut) == 0 {
		return ""
	}
	named := make([]string, len(b.Cut))
	for i, c := range b.Cut {
		named[i] = c.Name + " " + in.Amount(c.Amount)
	}
	return in.T(cut, strings.Join(named, "; "))
}

// reach returns what an axis of sorted sums has to reach: the largest, unless it and its like would flatten all others.
func reach(above []int64) int64 {
	if len(above) == 0 {
		return 0
	}
	most, third := above[len(above)-1], above[max(len(above)-3, 0)]
	if len(above) >= 6 && most/3 > third {
		return third
	}
	return most
}

// reachOfFew returns the same where one rent must not flatten all others, however few they are: no more than four times the middle.
func reachOfFew(above []int64) int64 {
	if len(above) == 0 {
		return 0
	}
	most, middle := above[len(above)-1], above[(len(above)-1)/2]
	if most/4 > middle {
		return 4 * middle
	}
	return most
}

// hundredths returns a hundredth of n as a decimal.
func hundredths(n uint64) string {
	rest := strconv.FormatUint(n%100, 10)
	if n%100 < 10 {
		rest = "0" + rest
	}
	return strconv.FormatUint(n/100, 10) + "." + rest
}
