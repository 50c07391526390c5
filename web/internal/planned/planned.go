// Package planned says beside a month's totals what is left of its budgets: of the one for everything, and of each category's. What was
// spent and planned it asks through a port of its own; a ledger without budgets has nothing to say.
package planned

import (
	"context"
	"embed"
	"io/fs"
	"math"
	"strconv"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Parts returns the template "planned", which shows a Line.
func Parts() fs.FS { return templates }

// Address is that of the page where budgets stand.
const Address = "/budgets"

// Budgets is what a Teller asks.
type Budgets interface {
	// Left returns how each budget stands that is in force in a month. What it costs does not grow with the ledger.
	Left(ctx context.Context, actor ledger.Actor, month civil.Month) ([]budget.Standing, error)
}

// Teller puts what is left of budgets into words. The zero Teller has nothing to say.
type Teller struct{ budgets Budgets }

// NewTeller returns a Teller that asks for budgets; nil is a site without them.
func NewTeller(budgets Budgets) Teller { return Teller{budgets} }

// Line is what is left of a budget of the month.
type Line struct {
	Text    string
	Over    bool // more was spent than planned
	Address string
}

// Month is what the budgets of a month leave. The zero Month is one without any.
type Month struct {
	Whole  *Line        // nil if there is no budget for everything
	Limits chart.Limits // of categories

	made map[expense.CategoryID]budget.CategoryID // what the limit of each category was made for, which may have been merged into it
}

// Category returns what is left of a category's budget; nil if there is none.
func (m Month) Category(id expense.CategoryID) *Line {
	limit, ok := m.Limits[id]
	if !ok {
		return nil
	}
	return &Line{Text: limit.Left, Over: limit.Over, Address: Address + "/" + strconv.FormatInt(int64(m.made[id]), 10)}
}

// Of returns what is left of the budgets of a month. A page that is kept asks after it has read its ledger's state: what it shows
// is then of that state or a later one.
func (t Teller) Of(ctx context.Context, in *words.Language, actor ledger.Actor, month civil.Month, today civil.Date) (Month, error) {
	if t.budgets == nil {
		return Month{}, nil
	}
	standings, err := t.budgets.Left(ctx, actor, month)
	if err != nil {
		return Month{}, err
	}
	var found Month
	for _, s := range standings {
		if s.Category == budget.Everything {
			found.Whole = newLine(in, s, today)
			continue
		}
		if found.Limits == nil {
			found.Limits, found.made = make(chart.Limits, len(standings)), make(map[expense.CategoryID]budget.CategoryID, len(standings))
		}
		id := expense.CategoryID(s.Category)
		found.Limits[id], found.made[id] = chart.Limit{Amount: s.Planned(), Left: left(in, s), Over: s.IsOver()}, s.Of
	}
	return found, nil
}

const (
	leftOf words.Phrase = "%s left of %s"
	allOf  words.Phrase = "All of %s is spent"
	over   words.Phrase = "%s over"
)

// newLine says how the budget for everything stands: in a month that goes on, also what is left for each of its days.
func newLine(in *words.Language, s budget.Standing, today civil.Date) *Line {
	const (
		overThe    words.Phrase = "%s over the budget of %s"
		oneMoreDay words.Phrase = "%s left of %s for one more day"
	)
	line := &Line{Over: s.IsOver(), Address: Address}
	perDay, some := s.PerDay(today)
	switch {
	case line.Over && s.Planned().Minor() > 0:
		line.Text = in.T(overThe, beyond(s), in.Short(s.Planned()))
	case some && s.DaysToGo(today) == 1:
		line.Text = in.T(oneMoreDay, s.Left(), in.Short(s.Planned()))
	case some:
		line.Text = in.N("%[2]s left of %[3]s; %[4]s a day for %[1]d day", "%[2]s left of %[3]s; %[4]s a day for %[1]d days",
			int64(s.DaysToGo(today)), s.Left(), in.Short(s.Planned()), in.RoundedDown(perDay))
	default:
		line.Text = left(in, s)
	}
	return line
}

// left says how a budget stands, in a few words.
func left(in *words.Language, s budget.Standing) string {
	const overOf words.Phrase = "%s over %s"
	switch {
	case s.IsOver() && s.Planned().Minor() > 0:
		return in.T(overOf, beyond(s), in.Short(s.Planned()))
	case s.IsOver(): // the months before took all of it
		return in.T(over, beyond(s))
	case s.Left().IsZero():
		return in.T(allOf, in.Short(s.Planned()))
	}
	return in.T(leftOf, s.Left(), in.Short(s.Planned()))
}

// beyond returns how much more than planned was spent, at most what 64 bits hold.
func beyond(s budget.Standing) money.Amount {
	return money.FromMinor(-max(s.Left().Minor(), -math.MaxInt64), s.Left().Currency())
}
