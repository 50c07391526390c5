package expensetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/core/text"
)

// described adds an expense with all that a search looks at.
func (b *fixture) described(t failer, category, decimal, code string, date civil.Date, payee, note, tags string) expense.Expense {
	t.Helper()
	entry := b.entry(t, category, "1", date)
	entry.Price, entry.Payee, entry.Note, entry.Tags = amount(t, decimal, code), payee, note, expense.Tags(tags)
	return b.addEntry(t, entry)
}

func (b *fixture) search(t failer, filter expense.Filter) expense.Found {
	t.Helper()
	found, err := b.Search(t.Context(), b.in, expense.SearchQuery{Filter: filter, ListQuery: expense.ListQuery{Limit: 100}})
	if err != nil {
		t.Fatalf("search for %+v: %v", filter, err)
	}
	return found
}

// terms returns the words of a search.
func terms(words ...string) expense.Filter {
	var f expense.Filter
	for _, word := range words {
		f.Terms = append(f.Terms, expense.Term{Text: text.Fold(word)})
	}
	return f
}

func idsOf(expenses []expense.Expense) []expense.ID {
	ids := make([]expense.ID, 0, len(expenses))
	for _, e := range expenses {
		ids = append(ids, e.ID)
	}
	return ids
}

func testSearchFinds(t *testing.T, b *fixture) {
	day := func(n int) civil.Date { return civil.Date{Year: 2026, Month: time.March, Day: n} }
	other := &fixture{Store: b.Store, in: b.in + 1}
	other.described(t, "Café", "12.50", "USD", day(9), "Café", "100% café", "work")

	cafe := b.described(t, "Coffee", "12.50", "USD", day(9), "Café Central", "with Ana", "work family")
	bread := b.described(t, "Groceries", "3", "USD", day(8), "", `50%_off "bread" \ o'clock`, "")
	milk := b.described(t, "Food", "12.50", "EUR", day(7), "Молоко", "ΣΊΣΥΦΟΣ Straße 早餐", "Family")
	plain := b.described(t, "Zürich", "125", "JPY", day(6), "", "", "")
	tiny := b.described(t, "Zürich", "0.50", "USD", day(5), "a", "é", "workshop")
	gone := b.described(t, "Coffee", "7", "USD", day(4), "Café", "", "")
	gone = b.edit(t, gone.ID, func(e *expense.Expense) { e.Deleted = true })

	usd, yen := amount(t, "12.50", "USD"), amount(t, "125", "JPY")
	cheap, dear := amount(t, "3", "USD"), amount(t, "12.50", "USD")
	withAmount := func(word string, a *money.Amount) expense.Filter {
		return expense.Filter{Terms: []expense.Term{{Text: word, Amount: a}}}
	}
	for _, tt := range []struct {
		name   string
		filter expense.Filter
		want   []expense.Expense
	}{
		{"all", expense.Filter{}, []expense.Expense{cafe, bread, milk, plain, tiny}},
		{"without the accent", terms("cafe"), []expense.Expense{cafe}},
		{"with another case", terms("CAFÉ"), []expense.Expense{cafe}},
		{"in the middle of a word", terms("afé cen"), []expense.Expense{cafe}},
		{"every word, wherever", terms("central", "ana"), []expense.Expense{cafe}},
		{"one word of two", terms("central", "anna"), nil},
		{"a note and a category", terms("ana", "coffee"), []expense.Expense{cafe}},
		{"two categories", terms("groceries", "coffee"), nil},
		{"not across two texts", terms("centralwith"), nil},
		{"per cent", terms("0%"), []expense.Expense{bread}},
		{"per cent alone", terms("%"), []expense.Expense{bread}},
		{"underscore", terms("%_o"), []expense.Expense{bread}},
		{"underscore alone", terms("_"), []expense.Expense{bread}},
		{"double quote", terms(`"bread"`), []expense.Expense{bread}},
		{"single quote", terms(`o'clock`), []expense.Expense{bread}},
		{"backslash", terms(`\`), []expense.Expense{bread}},
		{"star", terms(`bre*`), nil},
		{"words of the index's language", terms("bread", "OR", "milk"), nil},
		{"a colon", terms("note:bread"), nil},
		{"Cyrillic in another case", terms("МОЛОКО"), []expense.Expense{milk}},
		{"Greek in another case", terms("σίσυφοσ"), []expense.Expense{milk}},
		{"two characters of Chinese", terms("早餐"), []expense.Expense{milk}},
		{"one character", terms("é"), []expense.Expense{cafe, bread, milk, tiny}},
		{"two characters", terms("fé"), []expense.Expense{cafe, tiny}[:1]},
		{"a category", terms("zurich"), []expense.Expense{plain, tiny}},
		{"a part of a category", terms("rich"), []expense.Expense{plain, tiny}},
		{"a tag as a word", terms("famil"), []expense.Expense{cafe, milk}},
		{"a tag", expense.Filter{Tag: "work"}, []expense.Expense{cafe}},
		{"a tag in another case", expense.Filter{Tag: "family"}, []expense.Expense{cafe, milk}},
		{"a short tag", expense.Filter{Tag: "w"}, nil},
		{"an amount", withAmount("12.5", &usd), []expense.Expense{cafe, milk}},
		{"an amount without decimals", withAmount("125", &yen), []expense.Expense{plain}},
		{"an amount that is said", withAmount("50", &yen), []expense.Expense{bread, plain}},
		{"a category by id", expense.Filter{Categories: []expense.CategoryID{plain.Category.ID}}, []expense.Expense{plain, tiny}},
		{"categories", expense.Filter{Categories: []expense.CategoryID{cafe.Category.ID, milk.Category.ID}}, []expense.Expense{cafe, milk}},
		{"a category of nobody", expense.Filter{Categories: []expense.CategoryID{1 << 40}}, nil},
		{"a currency", expense.Filter{Currency: "USD"}, []expense.Expense{cafe, bread, tiny}},
		{"a currency that is not there", expense.Filter{Currency: "CHF"}, nil},
		{"a lowest price", expense.Filter{Min: &dear}, []expense.Expense{cafe, milk, plain}},
		{"a highest price", expense.Filter{Max: &cheap}, []expense.Expense{bread, tiny}},
		{"a range of prices", expense.Filter{Min: &cheap, Max: &dear}, []expense.Expense{cafe, bread, milk}},
		{"from a day", expense.Filter{From: day(8)}, []expense.Expense{cafe, bread}},
		{"to a day", expense.Filter{To: day(6)}, []expense.Expense{plain, tiny}},
		{"days and a word", withDays(terms("zurich"), day(6), day(30)), []expense.Expense{plain}},
		{"deleted", expense.Filter{Deleted: true}, []expense.Expense{gone}},
		{"deleted with a word", expense.Filter{Deleted: true, Terms: terms("cafe").Terms}, []expense.Expense{gone}},
		{"deleted with a short word", expense.Filter{Deleted: true, Terms: terms("z").Terms}, nil},
		{"deleted with a tag", expense.Filter{Deleted: true, Tag: "work"}, nil},
	} {
		if tt.name == "an amount that is said" {
			tt.filter.Terms[0].Amount = &yen
		}
		found := b.search(t, tt.filter)
		if !slices.Equal(idsOf(found.Expenses), idsOf(tt.want)) || found.Count() != int64(len(tt.want)) {
			t.Errorf("%s: %v, %d in all, want %v", tt.name, idsOf(found.Expenses), found.Count(), idsOf(tt.want))
		}
		for i, e := range found.Expenses {
			if i < len(tt.want) && e != tt.want[i] {
				t.Errorf("%s: %+v, want %+v", tt.name, e, tt.want[i])
			}
		}
	}
}

func withDays(f expense.Filter, from, to civil.Date) expense.Filter {
	f.From, f.To = from, to
	return f
}

func testSearchAddsUp(t *testing.T, b *fixture) {
	b.described(t, "Food", "10", "USD", someDay, "Market", "", "")
	back := b.entry(t, "Food", "4", someDay)
	back.Payee, back.Refund = "Market", true
	b.addEntry(t, back)
	b.described(t, "Food", "2.50", "USD", someDay.AddDays(-40), "market", "", "")
	b.described(t, "Food", "700", "JPY", someDay, "", "the market", "")
	b.described(t, "Rent", "900", "USD", someDay, "", "", "")
	for _, tt := range []struct{ name, got, want string }{
		{"a word", totals(b.search(t, terms("market")).Totals), "700 JPY (1), 8.50 USD (3)"},
		{"its months", months(b.search(t, terms("market")).Months), "2026-02 700 JPY (1), 2026-02 6.00 USD (2), 2026-01 2.50 USD (1)"},
		{"all", totals(b.search(t, expense.Filter{}).Totals), "700 JPY (1), 908.50 USD (4)"},
		{"the month", totals(b.search(t, withDays(expense.Filter{}, someDay.MonthOf().First(), someDay)).Totals), "700 JPY (1), 906.00 USD (3)"},
		{"days", totals(b.search(t, withDays(expense.Filter{}, someDay.AddDays(-60), someDay.AddDays(-1))).Totals), "2.50 USD (1)"},
		{"days across months", totals(b.search(t, withDays(expense.Filter{}, someDay.AddDays(-41), someDay.AddDays(1))).Totals),
			"700 JPY (1), 908.50 USD (4)"},
		{"later days", totals(b.search(t, withDays(expense.Filter{}, someDay.AddDays(1), civil.Date{})).Totals), ""},
		{"earlier days", totals(b.search(t, withDays(expense.Filter{}, civil.Date{}, someDay.AddDays(-41))).Totals), ""},
		{"a currency", totals(b.search(t, expense.Filter{Currency: "JPY"}).Totals), "700 JPY (1)"},
		{"refunds count by their price", totals(b.search(t, expense.Filter{Max: price(t, "4"), Min: price(t, "3")}).Totals), "-4.00 USD (1)"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func price(t failer, decimal string) *money.Amount {
	a := amount(t, decimal, "USD")
	return &a
}

func months(list []expense.MonthTotal) string {
	var texts []string
	for _, m := range list {
		texts = append(texts, m.Month.String()+" "+totals([]expense.Total{m.Total}))
	}
	return strings.Join(texts, ", ")
}

// testSearchFollows changes what is found: texts, categories and their names, and whether it is deleted.
func testSearchFollows(t *testing.T, b *fixture) {
	want := func(what string, n int64, words ...string) {
		t.Helper()
		if found := b.search(t, terms(words...)); found.Count() != n || len(found.Expenses) != int(n) {
			t.Errorf("%s: %v finds %d and shows %d, want %d", what, words, found.Count(), len(found.Expenses), n)
		}
	}
	first := b.described(t, "Food", "10", "USD", someDay, "Market", "", "")
	b.described(t, "Lunch", "10", "USD", someDay, "", "", "")
	want("added", 1, "market")
	b.edit(t, first.ID, func(e *expense.Expense) { e.Payee, e.Note, e.Tags = "", "bakery", "sweet" })
	want("edited", 0, "market")
	want("edited", 1, "bakery", "sweet")
	b.edit(t, first.ID, func(e *expense.Expense) { e.Deleted = true })
	want("deleted", 0, "bakery")
	b.edit(t, first.ID, func(e *expense.Expense) { e.Deleted = false })
	want("restored", 1, "bakery")
	b.edit(t, first.ID, func(e *expense.Expense) { e.Note, e.Tags = "", "" })
	want("without a text", 0, "bakery")
	lunch := b.search(t, terms("lunch")).Expenses[0].Category
	if _, err := b.rename(t, first.Category.ID, "Provisions"); err != nil {
		t.Fatal(err)
	}
	want("renamed", 1, "provisions")
	want("renamed", 0, "food")
	if _, err := b.merge(t, lunch.ID, first.Category.ID); err != nil {
		t.Fatal(err)
	}
	want("merged", 2, "provisions")
	want("merged", 0, "lunch")
	if found := b.search(t, expense.Filter{Categories: []expense.CategoryID{first.Category.ID}}); found.Count() != 2 ||
		len(found.Expenses) != 2 {
		t.Errorf("the category that is left has %d and shows %d, want 2", found.Count(), len(found.Expenses))
	}
}

// testSearchPages walks through what is found, both ways, and through all of it at once.
func testSearchPages(t *testing.T, b *fixture) {
	var entries []expense.Entry
	var all []expense.ID
	for i := range 2*expense.SearchBatch + 50 {
		entry := b.entry(t, []string{"Food", "Coffee"}[i%2], "1", someDay.AddDays(-i/7))
		entry.Note = []string{"green market", "", "Market hall"}[i%3]
		entries = append(entries, entry)
	}
	results, err := b.AddAll(t.Context(), b.in, entries)
	if err != nil {
		t.Fatal(err)
	}
	var found []expense.Expense
	for i, result := range results {
		if result.Err != nil {
			t.Fatal(result.Err)
		}
		if i%3 != 1 && i%2 == 0 {
			found = append(found, result.Receipt.Expense)
		}
	}
	slices.SortFunc(found, func(x, y expense.Expense) int { return expense.PositionOf(y).Compare(expense.PositionOf(x)) })
	all = idsOf(found)
	filter := terms("market", "food")
	page := func(query expense.ListQuery) []expense.Expense {
		t.Helper()
		query.Limit = 100
		found, err := b.Search(t.Context(), b.in, expense.SearchQuery{Filter: filter, ListQuery: query})
		if err != nil {
			t.Fatal(err)
		}
		if found.Count() != int64(len(all)) {
			t.Errorf("%d in all, want %d", found.Count(), len(all))
		}
		return found.Expenses
	}
	var older []expense.ID
	for query := (expense.ListQuery{}); ; {
		part := page(query)
		older = append(older, idsOf(part)...)
		if len(part) < 100 {
			break
		}
		last := expense.PositionOf(part[len(part)-1])
		query = expense.ListQuery{Before: &last}
	}
	if !slices.Equal(older, all) {
		t.Errorf("from page to page %d expenses, want %d", len(older), len(all))
	}
	var newer []expense.ID
	for after := (expense.Position{}); ; {
		part := page(expense.ListQuery{After: &after})
		newer = append(idsOf(part), newer...)
		if len(part) < 100 {
			break
		}
		after = expense.PositionOf(part[0])
	}
	if !slices.Equal(newer, all) {
		t.Errorf("from page to page backwards %d expenses, want %d", len(newer), len(all))
	}
	for _, tt := range []struct {
		filter expense.Filter
		want   int
	}{{filter, len(all)}, {expense.Filter{}, len(entries)}} {
		seen := make(map[expense.ID]bool)
		batches := 0
		err := b.EachFound(t.Context(), b.in, tt.filter, func(batch []expense.Expense) error {
			batches++
			for _, e := range batch {
				if seen[e.ID] {
					t.Errorf("%d comes twice", e.ID)
				}
				seen[e.ID] = true
			}
			if len(batch) > expense.SearchBatch {
				t.Errorf("a batch of %d", len(batch))
			}
			return nil
		})
		if err != nil || len(seen) != tt.want {
			t.Errorf("%d expenses in %d batches, %v, want %d", len(seen), batches, err, tt.want)
		}
	}
	stop := fmt.Errorf("enough")
	if err := b.EachFound(t.Context(), b.in, filter,
		func([]expense.Expense) error { return stop }); err != stop { //nolint:errorlint // as it is
		t.Errorf("%v, want the visitor's own error", err)
	}
}
