package chart_test

import (
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/words"
)

func currency(t *testing.T, code string) money.Currency {
	t.Helper()
	c, err := money.ParseCurrency(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// spentOn returns the totals of categories 1, 2, 3 and so on, and their sum.
func spentOn(of money.Currency, minor ...int64) (categories []expense.CategoryTotal, month []expense.Total) {
	sum := int64(0)
	for i, m := range minor {
		id := expense.CategoryID(i + 1)
		categories = append(categories, expense.CategoryTotal{
			Category: expense.Category{ID: id, Name: expense.CategoryName(fmt.Sprint("category ", id))},
			Total:    expense.Total{Count: 1, Amount: money.FromMinor(m, of)},
		})
		sum += m
	}
	return categories, []expense.Total{{Count: int64(len(minor)), Amount: money.FromMinor(sum, of)}}
}

func nowhere(money.Currency, ...expense.CategoryID) string { return "" }

// Limits stand on the scale of the bars, which one that is not too large widens.
func TestLimitsAreMarkedOnTheBars(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	usd, eur := currency(t, "USD"), currency(t, "EUR")
	categories, month := spentOn(usd, 8000, 4000, 2000)
	for _, tt := range []struct {
		name   string
		limits map[expense.CategoryID]int64
		of     money.Currency
		want   string // width/mark of each, + for a mark beyond the bar
	}{
		{"none", nil, usd, "100/0 50/0 25/0"},
		{"within the largest", map[expense.CategoryID]int64{2: 6000}, usd, "100/0 50/75 25/0"},
		{"over", map[expense.CategoryID]int64{1: 4000, 3: 1000}, usd, "100/50 50/0 25/13"},
		{"wider than the largest", map[expense.CategoryID]int64{2: 16000, 3: 8000}, usd, "50/0 25/100 13/50"},
		{"far beyond", map[expense.CategoryID]int64{2: 999999, 3: 4000}, usd, "100/0 50/100+ 25/50"},
		{"of another currency", map[expense.CategoryID]int64{1: 4000}, eur, "100/0 50/0 25/0"},
		{"nothing left of the months before", map[expense.CategoryID]int64{1: -4000}, usd, "100/0 50/0 25/0"},
		{"of a category that is not shown", map[expense.CategoryID]int64{9: 16000}, usd, "100/0 50/0 25/0"},
	} {
		limits := chart.Limits{}
		for id, minor := range tt.limits {
			limits[id] = chart.Limit{Amount: money.FromMinor(minor, tt.of), Left: "left"}
		}
		var got []string
		for _, share := range chart.NewSpent(book.English(), categories, month, usd, 8, nowhere, limits)[0].Shares {
			one := fmt.Sprintf("%d/%d", share.Width, share.Mark)
			if share.Beyond {
				one += "+"
			}
			got = append(got, one)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
	}
}

// Everything else leads to its expenses where all of its categories are known; otherwise nobody can say what is in it.
func TestEverythingElseKnowsWhatIsInIt(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	link := func(of money.Currency, ids ...expense.CategoryID) string { return fmt.Sprint(of.Code(), ids) }
	categories, month := spentOn(currency(t, "USD"), 50, 40, 30, 20)
	for known, want := range map[int]string{4: "USD[3 4]", 3: "USD[]", 2: "USD[]"} {
		shares := chart.NewSpent(book.English(), categories[:known], month, currency(t, "USD"), 2, link, nil)[0].Shares
		if got := shares[len(shares)-1].Link; len(shares) != 3 || got != want || shares[0].Link != "USD[1]" {
			t.Errorf("of %d that are known: %q, want %q; %+v", known, got, want, shares)
		}
	}
}

// However shares are rounded, they make 100 together.
func TestSharesMakeAHundred(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	usd := currency(t, "USD")
	for _, amounts := range [][]int64{
		{1}, {1, 1, 1}, {200, 100, 100, 100, 100, 100}, {334, 333, 333}, {999, 1},
		{50, 40, 30, 20, 10, 9, 8, 7, 6, 5, 4}, {15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15},
	} {
		categories, month := spentOn(usd, amounts...)
		sum := 0
		for _, share := range chart.NewSpent(book.English(), categories, month, usd, 8, nowhere, nil)[0].Shares {
			var n int
			if _, err := fmt.Sscanf(strings.TrimPrefix(share.Percent, "<"), "%d%%", &n); err != nil {
				t.Fatalf("%v: %q: %v", amounts, share.Percent, err)
			}
			if !strings.HasPrefix(share.Percent, "<") {
				sum += n
			}
		}
		if sum != 100 {
			t.Errorf("%v: the shares make %d%%", amounts, sum)
		}
	}
}

// What came back in one category, or of who has paid, is no part of what was spent: it neither takes from the largest, nor makes more of
// the others than they are.
func TestWhatCameBackIsNoShare(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	usd := currency(t, "USD")
	for _, tt := range []struct {
		amounts []int64
		want    string
	}{
		{[]int64{70, 60, -30}, "54% 46% "},
		{[]int64{60, 60, -20}, "50% 50% "},
		{[]int64{150, -50}, "100% "},
		{[]int64{50, 50, -100}, "50% 50% "}, // nothing in all
		{[]int64{50, -60}, "100% "},
		{[]int64{-50, -60}, " "},
		{[]int64{9e18, 9e18, 9e18, -9e18, -9e18}, "    "}, // three of them are more than a number holds
	} {
		categories, month := spentOn(usd, tt.amounts...)
		var parts []chart.Part
		for _, c := range categories {
			parts = append(parts, chart.Part{Amount: c.Amount})
		}
		last := parts[len(parts)-1]
		for what, shares := range map[string][]chart.Share{
			"categories":      chart.NewSpent(book.English(), categories, month, usd, 8, nowhere, nil)[0].Shares,
			"everything else": chart.NewSpent(book.English(), categories, month, usd, len(categories)-1, nowhere, nil)[0].Shares,
			"payers":          chart.Divide(book.English(), parts, month[0].Amount, "nobody"),
			"nobody has said": chart.Divide(book.English(), parts[:len(parts)-1], month[0].Amount, last.Name),
		} {
			var got []string
			for _, share := range shares {
				got = append(got, share.Percent)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%s of %v: %q, want %q", what, tt.amounts, got, tt.want)
			}
		}
	}
}

// What is left beside the largest may be more below zero than a number holds. Then nothing is said of it, and nothing wrong.
func TestWhatCannotBeLeftIsNotSaid(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	categories, month := spentOn(currency(t, "USD"), 9e18, 9e18, -9e18, -9e18)
	parts := []chart.Part{{Amount: categories[0].Amount}, {Amount: categories[1].Amount}}
	for what, shares := range map[string][]chart.Share{
		"categories": chart.NewSpent(book.English(), categories, month, currency(t, "USD"), len(parts), nowhere, nil)[0].Shares,
		"payers":     chart.Divide(book.English(), parts, month[0].Amount, "nobody"),
	} {
		if len(shares) != len(parts) {
			t.Errorf("%s: %+v, want the largest two alone", what, shares)
		}
	}
}
