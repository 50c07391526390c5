// Package altogether says what totals of several currencies make in the ledger's own, at which rates, and that it is rounded. The
// totals themselves stand beside it: they are never mixed.
package altogether

import (
	"context"
	"embed"
	"errors"
	"io/fs"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/rate"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Parts returns the template "altogether", which shows a Line.
func Parts() fs.FS { return templates }

// Address is that of the page where rates are entered.
const Address = "/rates"

// Line is a sum of several currencies as a page shows it.
type Line struct {
	Decimal string // for machines; empty if there is no sum
	Text    string
	Rates   []string // that the text speaks of, if there are several
	Address string
}

// Rates is what a Teller asks.
type Rates interface {
	// Altogether returns what amounts make in the ledger's own currency at the rates that count on a day.
	Altogether(ctx context.Context, actor ledger.Actor, amounts []money.Amount, on civil.Date) (rate.Altogether, error)
}

// Teller puts sums of several currencies into words. The zero Teller has nothing to say.
type Teller struct{ rates Rates }

// NewTeller returns a Teller that asks for rates.
func NewTeller(rates Rates) Teller { return Teller{rates} }

// Of returns what totals make at the rates of a day: nil if all are in the ledger's own currency, if a rate is missing, or if they make
// more than can be kept exactly.
func (t Teller) Of(
	ctx context.Context, in *words.Language, actor ledger.Actor, totals []expense.Total, on, today civil.Date,
) (*Line, error) {
	if t.rates == nil {
		return nil, nil
	}
	amounts := make([]money.Amount, len(totals))
	for i, total := range totals {
		amounts[i] = total.Amount
	}
	sum, err := t.rates.Altogether(ctx, actor, amounts, on)
	switch {
	case errors.Is(err, money.ErrOverflow):
		return nil, nil
	case err != nil:
		return nil, err
	case !sum.IsNeeded() || !sum.IsWhole():
		return nil, nil
	}
	return NewLine(in, sum, today), nil
}

// DayOf returns the day whose rates count for the totals of a month: its last one, or today if that is earlier.
func DayOf(month civil.Month, today civil.Date) civil.Date {
	last := month.Last()
	if last.Compare(today) > 0 {
		return today
	}
	return last
}

// The sentences about a sum.
const (
	rounded     words.Phrase = "≈ %s altogether, at 1 %s = %s %s of %s, rounded"
	exact       words.Phrase = "= %s altogether, at 1 %s = %s %s of %s"
	roundedMany words.Phrase = "≈ %s altogether, rounded, at these rates:"
	exactMany   words.Phrase = "= %s altogether, at these rates:"
	roundedAll  words.Phrase = "≈ %s altogether, rounded, at the rates of %d currencies"
	exactAll    words.Phrase = "= %s altogether, at the rates of %d currencies"
	ofDay       words.Phrase = "1 %s = %s %s of %s"
)

// mostRates is how many rates a line names. Beyond that the page of rates has them.
const mostRates = 3

// NewLine says a sum that is whole.
func NewLine(in *words.Language, sum rate.Altogether, today civil.Date) *Line {
	line := &Line{Decimal: sum.Amount.Decimal(), Address: Address}
	one, many, all := exact, exactMany, exactAll
	if sum.Rounded {
		one, many, all = rounded, roundedMany, roundedAll
	}
	amount := in.Amount(sum.Amount)
	switch n := len(sum.Rates); {
	case n == 1:
		r := sum.Rates[0]
		line.Text = in.T(one, amount, r.Currency, in.Decimal(r.Value.String()), r.Home, in.Date(r.Day, today))
	case n <= mostRates:
		line.Text = in.T(many, amount)
		for _, r := range sum.Rates {
			line.Rates = append(line.Rates, in.T(ofDay, r.Currency, in.Decimal(r.Value.String()), r.Home, in.Date(r.Day, today)))
		}
	default:
		line.Text = in.T(all, amount, n)
	}
	return line
}
