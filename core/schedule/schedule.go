// Package schedule makes expenses that repeat: a rent, a ticket, a subscription. A schedule says on which days something is spent, and
// what. Service holds the use cases, among them the one that makes what fell due; Store is the port that a storage implements,
// and scheduletest its contract. Expenses is the port to the module that keeps what is made, of which this one knows nothing else.
package schedule

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// ID names a schedule. It is given by the storage, is above zero and is never used again.
type ID int64

// Spending is what each expense of a schedule says.
type Spending struct {
	Category string // its name
	Price    money.Amount
	Payee    string // may be empty, as all that follows
	Note     string
	Tags     string        // with one blank between two, such as "work family"
	Refund   bool          // money that comes back
	PaidBy   ledger.UserID // who pays; 0 if nobody has said
}

// Gap is a stretch of days on which nothing is spent: one that is skipped, or a pause.
type Gap struct {
	From civil.Date
	To   civil.Date // the first day after it; zero while a pause lasts
}

// holds reports whether a day lies in the gap.
func (g Gap) holds(day civil.Date) bool {
	return day.Compare(g.From) >= 0 && (g.To.IsZero() || day.Compare(g.To) < 0)
}

// PriceFrom is another price from a day on.
type PriceFrom struct {
	From  civil.Date
	Price money.Amount // in the currency of the schedule
}

// Bounds of what a ledger and a schedule hold, so that no page and no look for what is due grows without end.
const (
	MaxLive    = 200 // schedules of a ledger that have not ended
	MaxChanges = 60  // gaps of a schedule that are still to come, and likewise prices
)

// Schedule is something that repeats, as a ledger holds it.
type Schedule struct {
	ID       ID
	Rule     Rule
	Spending Spending
	Prices   []PriceFrom // other prices than Spending has, the earliest first
	Gaps     []Gap       // the earliest first; one at most has no end, and it may reach over others
	Progress Progress
	Revision int // 1 when created, one more with each change; progress is none
}

// Progress says how far the expenses of a schedule have been made.
type Progress struct {
	To       civil.Date // what falls due on this day or earlier was made, skipped, or there before
	Made     int64      // expenses
	Last     int64      // ID of the last one; 0 for none
	Category int64      // ID of its category when it was made; 0 for none
}

// Entry is a checked schedule on its way into a storage.
type Entry struct {
	Key         idempotency.Key         // makes the creation exactly-once
	Fingerprint idempotency.Fingerprint // of what came with the key
	Schedule    Schedule                // without ID and revision
	CreatedAt   time.Time
}

// Occurrence is one date of a schedule, with its price.
type Occurrence struct {
	Date  civil.Date
	Price money.Amount
}

// Next returns the first day after another on which the schedule makes an expense; false if there is none, or none before a pause ends.
func (s Schedule) Next(after civil.Date) (civil.Date, bool) {
	for {
		next, ok := s.Rule.Next(after)
		if !ok {
			return civil.Date{}, false
		}
		i := slices.IndexFunc(s.Gaps, func(g Gap) bool { return g.holds(next) })
		if i < 0 {
			return next, true
		}
		if s.Gaps[i].To.IsZero() {
			return civil.Date{}, false
		}
		after = s.Gaps[i].To.AddDays(-1)
	}
}

// NextDue returns the first date that is still to be made; false if there is none as things stand.
func (s Schedule) NextDue() (civil.Date, bool) { return s.Next(s.Progress.To) }

// Due returns what is to be made up to a day and including it, the earliest first, and at most limit of it.
func (s Schedule) Due(upTo civil.Date, limit int) []Occurrence {
	return s.between(s.Progress.To, upTo, limit)
}

// Coming returns the dates from a day up to another, both included, that are still to be made.
func (s Schedule) Coming(from, to civil.Date) []Occurrence {
	after := from.AddDays(-1)
	if s.Progress.To.Compare(after) > 0 {
		after = s.Progress.To
	}
	return s.between(after, to, daysBetween(from, to)+1)
}

func (s Schedule) between(after, upTo civil.Date, limit int) []Occurrence {
	var dates []Occurrence
	for len(dates) < limit {
		next, ok := s.Next(after)
		if !ok || next.Compare(upTo) > 0 {
			break
		}
		dates = append(dates, Occurrence{Date: next, Price: s.PriceOn(next)})
		after = next
	}
	return dates
}

// PriceOn returns the price of a day.
func (s Schedule) PriceOn(day civil.Date) money.Amount {
	price := s.Spending.Price
	for _, change := range s.Prices {
		if change.From.Compare(day) <= 0 {
			price = change.Price
		}
	}
	return price
}

// Price returns the price of the next date, or the one that the last date had.
func (s Schedule) Price() money.Amount {
	next, ok := s.NextDue()
	if !ok {
		next = s.Progress.To
	}
	return s.PriceOn(next)
}

// PausedOn returns the day from which the schedule is paused; false if it is not.
func (s Schedule) PausedOn() (civil.Date, bool) {
	if i := s.pause(); i >= 0 {
		return s.Gaps[i].From, true
	}
	return civil.Date{}, false
}

// pause returns the place of the gap that has no end; -1 if there is none.
func (s Schedule) pause() int {
	return slices.IndexFunc(s.Gaps, func(g Gap) bool { return g.To.IsZero() })
}

// Skips returns the dates that are to be skipped and have not passed, the earliest first.
func (s Schedule) Skips() []civil.Date {
	var skips []civil.Date
	for _, g := range s.Gaps {
		if g.To == g.From.AddDays(1) && g.From.Compare(s.Progress.To) > 0 {
			skips = append(skips, g.From)
		}
	}
	return skips
}

// HasEnded reports whether no date is left to be made. A pause ends nothing that a resumption would bring back.
func (s Schedule) HasEnded() bool {
	if i := s.pause(); i >= 0 {
		s.Gaps = slices.Delete(slices.Clone(s.Gaps), i, i+1)
	}
	_, ok := s.NextDue()
	return !ok
}

// Key returns the key of the expense that the schedule makes for a day. However often it is made, it is one.
func (s Schedule) Key(day civil.Date) idempotency.Key {
	return idempotency.Derived("schedule", int64(s.ID), day.String())
}

// Seen returns the name of what a reader of the schedule sees. Progress does not count, for it goes on by itself; the date that is next
// stands beside it.
func (s Schedule) Seen() revision.Seen {
	content := []string{s.Rule.String(), s.Spending.String()}
	for _, p := range s.Prices {
		content = append(content, p.From.String(), p.Price.String())
	}
	for _, g := range s.Gaps {
		content = append(content, g.String())
	}
	return revision.Of(s.Revision, content...).Beside(s.nextSeen())
}

// nextSeen is what a reader sees of the next date; empty if there is none.
func (s Schedule) nextSeen() string {
	if next, ok := s.NextDue(); ok {
		return next.String()
	}
	return ""
}

// String returns what the rule says, for digests and logs.
func (r Rule) String() string {
	end := ""
	if !r.End.IsZero() {
		end = r.End.String()
	}
	return strings.Join([]string{string(r.Frequency), strconv.Itoa(r.Every), strconv.Itoa(r.Day), r.Start.String(), end}, " ")
}

// String returns what the spending says, for digests.
func (s Spending) String() string {
	said := []string{s.Category, s.Price.String(), s.Payee, s.Note, s.Tags, strconv.FormatBool(s.Refund)}
	if s.PaidBy != 0 {
		said = append(said, strconv.FormatInt(int64(s.PaidBy), 10))
	}
	return strings.Join(said, "\n")
}

// String returns the first day and the first after the gap, such as "2026-12-01/2026-12-02"; nothing after the stroke while it lasts.
func (g Gap) String() string {
	if g.To.IsZero() {
		return g.From.String() + "/"
	}
	return g.From.String() + "/" + g.To.String()
}

// tidied returns the schedule without what has passed: gaps before its progress, and prices that another has followed.
func (s Schedule) tidied() Schedule {
	next := s.Progress.To.AddDays(1)
	s.Spending.Price = s.PriceOn(next)
	s.Prices = slices.DeleteFunc(slices.Clone(s.Prices), func(p PriceFrom) bool { return p.From.Compare(next) <= 0 })
	s.Gaps = slices.DeleteFunc(slices.Clone(s.Gaps), func(g Gap) bool { return !g.To.IsZero() && g.To.Compare(next) <= 0 })
	return s
}

// withGap returns the schedule with another gap, in its order.
func (s Schedule) withGap(gap Gap) Schedule {
	s.Gaps = append(slices.Clone(s.Gaps), gap)
	slices.SortFunc(s.Gaps, func(x, y Gap) int { return x.From.Compare(y.From) })
	return s
}

// withPrice returns the schedule with another price from a day on, in place of one that was to come from that very day.
func (s Schedule) withPrice(change PriceFrom) Schedule {
	s.Prices = slices.DeleteFunc(slices.Clone(s.Prices), func(p PriceFrom) bool { return p.From == change.From })
	s.Prices = append(s.Prices, change)
	slices.SortFunc(s.Prices, func(x, y PriceFrom) int { return x.From.Compare(y.From) })
	return s
}

// Counted returns the schedule with its prices in a storage's currency of their code, or an error if one cannot be kept exactly.
func (s Schedule) Counted(stored money.Currency) (counted Schedule, err error) {
	if s.Spending.Price.Currency() == stored {
		return s, nil
	}
	if s.Spending.Price, err = s.Spending.Price.In(stored); err != nil {
		return Schedule{}, err
	}
	s.Prices = slices.Clone(s.Prices)
	for i := range s.Prices {
		if s.Prices[i].Price, err = s.Prices[i].Price.In(stored); err != nil {
			return Schedule{}, err
		}
	}
	return s, nil
}
