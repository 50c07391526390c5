package expense

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
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
// one that is left of merges: merging a category moves its totals. A day's total is over all categories.
type TotalKey struct {
	Month    civil.Month
	Day      int // of the month; 0 for all of it
	Category CategoryID
	Payer    ledger.UserID // who has paid, of a month and all categories alone; 0 for anybody
	Currency money.Currency
}

// Compare orders keys. Everyone who changes several totals at once does it in this order, so that two never wait for each other.
func (k TotalKey) Compare(other TotalKey) int {
	return cmp.Or(
		cmp.Compare(min(k.Payer, 1), min(other.Payer, 1)), // which stand in a table of their own
		cmp.Compare(k.Number(), other.Number()),
		cmp.Compare(k.Category, other.Category),
		cmp.Compare(k.Payer, other.Payer),
		cmp.Compare(k.Currency.Code(), other.Currency.Code()),
	)
}

// Number returns the time that the total is of as an integer: YYYYMMDD for a day, YYYYMM for a month, 0 for all time.
func (k TotalKey) Number() int {
	if k.Day == 0 {
		return k.Month.Number()
	}
	return k.Month.Number()*100 + k.Day
}

// Named returns the key with the month and the day of a number that Number gave.
func (k TotalKey) Named(number int) TotalKey {
	if number > 999999 {
		number, k.Day = number/100, number%100
	}
	k.Month = civil.MonthOfNumber(number)
	return k
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

// DayTotal is a day's total in one currency.
type DayTotal struct {
	Day civil.Date
	Total
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

// Add counts an expense in: all time and its month, each over all categories and for its own. What it counts for is its Spent. The
// total of its day stands apart, in AddDay, for databases keep it by themselves.
func (t Tally) Add(category CategoryID, date civil.Date, spent money.Amount) error {
	return t.count(category, date, spent, +1)
}

// Remove counts an expense out.
func (t Tally) Remove(category CategoryID, date civil.Date, spent money.Amount) error {
	return t.count(category, date, spent, -1)
}

// AddDay counts an expense into the total of its day.
func (t Tally) AddDay(date civil.Date, spent money.Amount) error { return t.countDay(date, spent, +1) }

// RemoveDay counts an expense out of the total of its day.
func (t Tally) RemoveDay(date civil.Date, spent money.Amount) error {
	return t.countDay(date, spent, -1)
}

// AddPaid counts an expense into what its payer has paid in the month, if somebody has said who that is.
func (t Tally) AddPaid(payer ledger.UserID, date civil.Date, spent money.Amount) error {
	return t.countPaid(payer, date, spent, +1)
}

// RemovePaid counts an expense out of what its payer has paid.
func (t Tally) RemovePaid(payer ledger.UserID, date civil.Date, spent money.Amount) error {
	return t.countPaid(payer, date, spent, -1)
}

func (t Tally) countPaid(payer ledger.UserID, date civil.Date, spent money.Amount, sign int64) error {
	if payer == 0 {
		return nil
	}
	return t.move(TotalKey{Month: date.MonthOf(), Payer: payer, Currency: spent.Currency()}, spent, sign)
}

func (t Tally) countDay(date civil.Date, spent money.Amount, sign int64) error {
	return t.move(TotalKey{Month: date.MonthOf(), Day: date.Day, Currency: spent.Currency()}, spent, sign)
}

func (t Tally) count(category CategoryID, date civil.Date, spent money.Amount, sign int64) error {
	for _, month := range [...]civil.Month{{}, date.MonthOf()} {
		for _, of := range [...]CategoryID{0, category} {
			if err := t.move(TotalKey{Month: month, Category: of, Currency: spent.Currency()}, spent, sign); err != nil {
				return err
			}
		}
	}
	return nil
}

// move counts an expense into one total, or out of it. A change that cannot be kept exactly is left as it was.
func (t Tally) move(key TotalKey, spent money.Amount, sign int64) error {
	sum, err := t[key].Plus(Sum{Count: sign, Minor: sign * spent.Minor()})
	if err != nil {
		return fmt.Errorf("tally: %w", err)
	}
	t[key] = sum
	return nil
}

// Between returns the changes with which what a tally counts for a category goes to it from another. Totals over all categories stay.
func (t Tally) Between(from, to CategoryID) Tally {
	changes := make(Tally)
	for key, sum := range t {
		if key.Category != to {
			continue
		}
		changes[key] = sum
		key.Category = from
		changes[key] = Sum{Count: -sum.Count, Minor: -sum.Minor}
	}
	return changes
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
