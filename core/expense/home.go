package expense

import (
	"cmp"
	"context"
	"slices"

	"expense-tracker/core/ledger"
)

// MaxSuggestions is how many categories are offered to choose one from. Any other can be named.
const MaxSuggestions = 200

// SuggestAmong is how many times as many categories as are offered are looked at for ones that have expenses.
const SuggestAmong = 5

// What an overview shows besides a page of expenses.
const (
	overviewMonths     = 12
	overviewCategories = 12
	overviewCurrencies = 6
	overviewFrequent   = 8
)

// Home is what the first page shows.
type Home struct {
	Overview
	Older *Position // where the page of older expenses starts; nil if there are none
}

// State returns the name of what the actor's ledger holds now.
func (s *Service) State(ctx context.Context, actor ledger.Actor) (ledger.State, error) {
	if err := actor.Require(ledger.Viewer, "expense.State"); err != nil {
		return ledger.State{}, err
	}
	return s.store.State(ctx, actor.Ledger.ID)
}

// Home returns the newest expenses and the totals as of this month, all of one moment.
func (s *Service) Home(ctx context.Context, actor ledger.Actor) (Home, error) {
	if err := actor.Require(ledger.Viewer, "expense.Home"); err != nil {
		return Home{}, err
	}
	overview, err := s.store.Overview(ctx, actor.Ledger.ID, OverviewQuery{
		Month:       s.Today(actor).MonthOf(),
		Newest:      s.settings.PageSize + 1, // one more tells whether there are older ones
		Months:      overviewMonths,
		Categories:  overviewCategories,
		Suggestions: MaxSuggestions,
		Frequent:    overviewFrequent,
		Currency:    actor.Ledger.Currency.Code(),
		Currencies:  overviewCurrencies,
	})
	if err != nil {
		return Home{}, err
	}
	home := Home{Overview: overview}
	charted := Charted(home.AllTime, actor.Ledger.Currency.Code(), overviewCurrencies)
	home.Trend = slices.DeleteFunc(home.Trend, func(t MonthTotal) bool { return !slices.Contains(charted, t.Amount.Currency()) })
	page := s.cut(ListQuery{}, home.Newest)
	home.Newest, home.Older = page.Expenses, page.Older
	return home, nil
}

// MostFrequent returns which categories the newest expenses have most, the one used last first where they are equal, and then others of
// those suggested: at most limit. Archived ones are left out.
func MostFrequent(newest []Expense, suggested []Category, limit int) []Category {
	var frequent []Category
	uses := make(map[CategoryID]int)
	for _, e := range newest {
		if uses[e.Category.ID]++; uses[e.Category.ID] == 1 && !e.Category.Archived {
			frequent = append(frequent, e.Category)
		}
	}
	slices.SortStableFunc(frequent, func(x, y Category) int { return cmp.Compare(uses[y.ID], uses[x.ID]) })
	for _, c := range suggested {
		if len(frequent) >= limit {
			break
		}
		if uses[c.ID] == 0 {
			frequent = append(frequent, c)
		}
	}
	return frequent[:min(limit, len(frequent))]
}
