package memory

import (
	"cmp"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// payments are what each payer has paid, by the number of the month.
type payments map[int]map[payment]expense.Sum

// payment names a payer's sum in a currency.
type payment struct {
	by ledger.UserID
	in money.Currency
}

// sum returns a maintained total.
func (d *expenseData) sum(key expense.TotalKey) expense.Sum {
	if key.Payer != 0 {
		return d.paid[key.Number()][payment{key.Payer, key.Currency}]
	}
	return d.totals.of(key)
}

func (p payments) put(key expense.TotalKey, sum expense.Sum) {
	month := key.Number()
	if p[month] == nil {
		p[month] = make(map[payment]expense.Sum)
	}
	p[month][payment{key.Payer, key.Currency}] = sum
}

// tally adds all of them to others, by their keys.
func (p payments) tally(to expense.Tally) expense.Tally {
	for number, sums := range p {
		for of, sum := range sums {
			to[expense.TotalKey{Payer: of.by, Currency: of.in}.Named(number)] = sum
		}
	}
	return to
}

// between returns what each has paid from one month to another, the largest amount of each currency first, and at most limit of it.
func (p payments) between(first, last civil.Month, limit int) (totals []expense.PayerTotal, err error) {
	all := make(map[payment]expense.Sum)
	for month := first; month.Number() <= last.Number(); month = month.AddMonths(1) {
		for of, sum := range p[month.Number()] {
			if all[of], err = all[of].Plus(sum); err != nil {
				return nil, err
			}
		}
	}
	for of, sum := range all {
		if sum.Count > 0 {
			totals = append(totals, expense.PayerTotal{Payer: of.by, Total: totalOf(of.in, sum)})
		}
	}
	slices.SortFunc(totals, func(x, y expense.PayerTotal) int {
		return cmp.Or(byCurrency(x.Total, y.Total), cmp.Compare(y.Amount.Minor(), x.Amount.Minor()), cmp.Compare(x.Payer, y.Payer))
	})
	seen := make(map[money.Currency]int)
	return slices.DeleteFunc(totals, func(t expense.PayerTotal) bool {
		seen[t.Amount.Currency()]++
		return seen[t.Amount.Currency()] > limit
	}), nil
}

// paidIn returns what a filter's payer has paid, by the months that the filter holds whole.
func (d *expenseData) paidIn(f expense.Filter) (parts []expense.MonthTotal) {
	for number, sums := range d.paid {
		month := civil.MonthOfNumber(number)
		if !countsFor(f, expense.TotalKey{Month: month}) {
			continue
		}
		for of, sum := range sums {
			if of.by == f.Payer && (f.Currency == "" || of.in.Code() == f.Currency) {
				parts = append(parts, expense.MonthTotal{Month: month, Total: totalOf(of.in, sum)})
			}
		}
	}
	return parts
}
