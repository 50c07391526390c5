package expense

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/money"
)

// Total is how many expenses there are of some sort, and their exact sum in one currency.
type Total struct {
	Count  int64
	Amount money.Amount
}

// CategoryTotal is a category's total in one currency.
type CategoryTotal struct {
	Category Category
	Total
}

// MonthTotal is a month's total in one currency.
type MonthTotal struct {
	Month civil.Month
	Total
}

// TotalKey names one maintained total. The zero Month stands for all time, Category 0 for all categories. The category is the
// one that is left of merges: merging a category moves its totals.
type TotalKey struct {
	Month    civil.Month
	Category CategoryID
	Currency money.Currency
}

// Compare orders keys. Everyone who changes several totals at once does it in this order, so that two never wait for each other.
func (k TotalKey) Compare(other TotalKey) int {
	return cmp.Or(
		cmp.Compare(k.Month.Number(), other.Month.Number()),
		cmp.Compare(k.Category, other.Category),
		cmp.Compare(k.Currency.Code(), other.Currency.Code()),
	)
}

// Charted returns which currencies of totals are charted, ordered by code: at most limit, the ledger's own first, then those with the
// most expenses.
func Charted(totals []Total, own string, limit int) []money.Currency {
	ranked := slices.Clone(totals)
	isOwn := func(t Total) int {
		if t.Amount.Currency().Code() == own {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(ranked, func(x, y Total) int {
		return cmp.Or(cmp.Compare(isOwn(y), isOwn(x)), cmp.Compare(y.Count, x.Count))
	})
	charted := make([]money.Currency, 0, min(limit, len(ranked)))
	for _, t := range ranked[:min(limit, len(ranked))] {
		charted = append(charted, t.Amount.Currency())
	}
	slices.SortFunc(charted, func(x, y money.Currency) int { return cmp.Compare(x.Code(), y.Code()) })
	return charted
}

// Sum is a maintained total's value: a number of expenses, and minor units.
type Sum struct {
	Count int64
	Minor int64
}

// Plus returns s + other, or an Invalid fault at the price when the sum cannot be kept exactly.
func (s Sum) Plus(other Sum) (Sum, error) {
	minor, err := money.AddMinor(s.Minor, other.Minor)
	if err != nil {
		return Sum{}, TotalOverflow("expense.Sum.Plus", err)
	}
	return Sum{Count: s.Count + other.Count, Minor: minor}, nil
}

// Tally is a set of changes to maintained totals.
type Tally map[TotalKey]Sum

// Add counts an expense in: all time and its month, each over all categories and for its own.
func (t Tally) Add(category CategoryID, date civil.Date, price money.Amount) error {
	return t.count(category, date, price, +1)
}

// Remove counts an expense out.
func (t Tally) Remove(category CategoryID, date civil.Date, price money.Amount) error {
	return t.count(category, date, price, -1)
}

func (t Tally) count(category CategoryID, date civil.Date, price money.Amount, sign int64) error {
	change := Sum{Count: sign, Minor: sign * price.Minor()}
	for _, month := range [...]civil.Month{{}, date.MonthOf()} {
		for _, of := range [...]CategoryID{0, category} {
			key := TotalKey{Month: month, Category: of, Currency: price.Currency()}
			sum, err := t[key].Plus(change)
			if err != nil {
				return fmt.Errorf("tally: %w", err)
			}
			t[key] = sum
		}
	}
	return nil
}

// Keys returns the keys of all changes that are not zero, in the order of TotalKey.Compare.
func (t Tally) Keys() []TotalKey {
	keys := slices.SortedFunc(maps.Keys(t), TotalKey.Compare)
	return slices.DeleteFunc(keys, func(k TotalKey) bool { return t[k] == Sum{} })
}

// Discrepancy is a maintained total that differs from the sum of its rows.
type Discrepancy struct {
	Key    TotalKey
	Stored Sum // what the total says; zero where it is missing
	Actual Sum // what the rows add up to
}

// Differences compares what maintained totals say with what the rows add up to, in the order of TotalKey.Compare. A total of
// no entries is as good as none.
func Differences(kept, actual Tally) []Discrepancy {
	all := maps.Clone(kept)
	maps.Copy(all, actual)
	var differences []Discrepancy
	for _, key := range slices.SortedFunc(maps.Keys(all), TotalKey.Compare) {
		if kept[key] != actual[key] {
			differences = append(differences, Discrepancy{Key: key, Stored: kept[key], Actual: actual[key]})
		}
	}
	return differences
}
