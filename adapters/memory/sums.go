package memory

import (
	"cmp"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

// sums are a ledger's maintained totals by the number of their time, laid out so that a page reads those of its months and days only.
type sums map[int]map[money.Currency]*categorySums

// categorySums are a month's totals in a currency: category 0 stands for all of them.
type categorySums struct {
	of      map[expense.CategoryID]expense.Sum
	largest []amountOf // the categories of a real month that have expenses, the largest first, so that a page need not read all
}

// amountOf says how much was spent on a category.
type amountOf struct {
	category expense.CategoryID
	minor    int64
}

func (s sums) of(key expense.TotalKey) expense.Sum {
	if found := s[key.Number()][key.Currency]; found != nil {
		return found.of[key.Category]
	}
	return expense.Sum{}
}

func (s sums) put(key expense.TotalKey, sum expense.Sum) {
	if s[key.Number()] == nil {
		s[key.Number()] = make(map[money.Currency]*categorySums)
	}
	if s[key.Number()][key.Currency] == nil {
		s[key.Number()][key.Currency] = &categorySums{of: make(map[expense.CategoryID]expense.Sum)}
	}
	c := s[key.Number()][key.Currency]
	if !key.Month.IsZero() && key.Category != 0 {
		c.rank(key.Category, c.of[key.Category], sum)
	}
	c.of[key.Category] = sum
}

// rank takes a category from the place that its sum has had to the place that it will have.
func (c *categorySums) rank(category expense.CategoryID, before, after expense.Sum) {
	if place, found := c.place(category, before); found {
		c.largest = slices.Delete(c.largest, place, place+1)
	}
	if place, _ := c.place(category, after); after.Count > 0 {
		c.largest = slices.Insert(c.largest, place, amountOf{category, after.Minor})
	}
}

func (c *categorySums) place(category expense.CategoryID, sum expense.Sum) (place int, found bool) {
	return slices.BinarySearchFunc(c.largest, amountOf{category, sum.Minor}, func(x, y amountOf) int {
		return cmp.Or(cmp.Compare(y.minor, x.minor), cmp.Compare(x.category, y.category))
	})
}

// top returns the largest categories, at most limit, and those that are as large as the last of them, but no more than are compared.
func (c *categorySums) top(limit int) []amountOf {
	n := min(limit, len(c.largest))
	for n > 0 && n < min(len(c.largest), expense.CandidateCategories) && c.largest[n].minor == c.largest[n-1].minor {
		n++
	}
	return c.largest[:n]
}

// merge moves the sums of one category to another. It returns an Invalid fault, and moves nothing, if one of them cannot be kept exactly:
// where refunds of a third keep the sum of all small, two together may be larger than that.
func (s sums) merge(from, into expense.CategoryID) error {
	merged := make(expense.Tally)
	for number, currencies := range s {
		for currency, categories := range currencies {
			moved, ok := categories.of[from]
			if !ok {
				continue
			}
			sum, err := categories.of[into].Plus(moved)
			if err != nil {
				return err
			}
			merged[expense.TotalKey{Category: into, Currency: currency}.Named(number)] = sum
		}
	}
	for key, sum := range merged {
		away := key
		away.Category = from
		s.put(away, expense.Sum{})
		delete(s[key.Number()][key.Currency].of, from)
		s.put(key, sum)
	}
	return nil
}

// tally returns all of them by their keys.
func (s sums) tally() expense.Tally {
	all := make(expense.Tally)
	for number, currencies := range s {
		for currency, categories := range currencies {
			for category, sum := range categories.of {
				all[expense.TotalKey{Category: category, Currency: currency}.Named(number)] = sum
			}
		}
	}
	return all
}

// totals returns a month's totals over all categories, ordered by currency.
func (s sums) totals(month civil.Month) []expense.Total { return s.at(month.Number()) }

// at returns the totals over all categories of a month or a day, by its number, ordered by currency.
func (s sums) at(number int) []expense.Total {
	var totals []expense.Total
	for currency, categories := range s[number] {
		if sum := categories.of[0]; sum.Count > 0 {
			totals = append(totals, totalOf(currency, sum))
		}
	}
	slices.SortFunc(totals, byCurrency)
	return totals
}

func totalOf(c money.Currency, sum expense.Sum) expense.Total {
	return expense.Total{Count: sum.Count, Amount: money.FromMinor(sum.Minor, c)}
}

func byCurrency(x, y expense.Total) int {
	return cmp.Compare(x.Amount.Currency().Code(), y.Amount.Currency().Code())
}
