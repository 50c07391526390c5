package expensetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// The payers of the tests.
const (
	anna ledger.UserID = 7
	ben  ledger.UserID = 1 << 40
)

func (b *fixture) paid(t failer, category, decimal string, date civil.Date, by ledger.UserID) expense.Expense {
	t.Helper()
	entry := b.entry(t, category, decimal, date)
	entry.PaidBy = by
	return b.addEntry(t, entry)
}

func (b *fixture) payers(t failer, query expense.ReportQuery) []expense.PayerTotal {
	t.Helper()
	query.Payers = max(1, query.Payers)
	report, err := b.Report(t.Context(), b.in, query)
	if err != nil {
		t.Fatalf("report: %v", err)
	}
	return report.Paid
}

// paidBy returns what a payer has paid in a month.
func (b *fixture) paidBy(t failer, month civil.Month, payer ledger.UserID) (found []expense.Total) {
	t.Helper()
	for _, p := range b.payers(t, expense.ReportQuery{Month: month, Payers: 10}) {
		if p.Payer == payer {
			found = append(found, p.Total)
		}
	}
	return found
}

// wantPaid checks what each has paid in a month, such as "anna 12.50 USD (1), ben 3 JPY (1)", and every maintained total.
func (b *fixture) wantPaid(t failer, month civil.Month, want string) {
	t.Helper()
	if got := paidText(b.payers(t, expense.ReportQuery{Month: month, Payers: 10})); got != want {
		t.Errorf("in %v %q was paid, want %q", month, got, want)
	}
	b.wantSound(t)
}

func paidText(all []expense.PayerTotal) string {
	var texts []string
	for _, p := range all {
		name := map[ledger.UserID]string{anna: "anna", ben: "ben"}[p.Payer]
		texts = append(texts, fmt.Sprintf("%s %s", name, totals([]expense.Total{p.Total})))
	}
	return strings.Join(texts, ", ")
}

// An expense says who has paid, if somebody has said so: by whatever way it is added, and wherever it is read.
func testPaid(t *testing.T, b *fixture) {
	entry := func(by ledger.UserID, category string) expense.Entry {
		e := b.entry(t, category, "1.00", someDay)
		e.PaidBy, e.AddedBy = by, 3
		return e
	}
	entries := []expense.Entry{entry(anna, "new"), entry(0, "food"), entry(ben, "food"), entry(anna, "newer")}
	first := b.addEntry(t, entries[0])
	results, err := b.AddAll(t.Context(), b.in, entries)
	if err != nil {
		t.Fatal(err)
	}
	for i, result := range results {
		want := entries[i].PaidBy
		stored, err := b.Get(t.Context(), b.in, result.Receipt.Expense.ID)
		if err != nil || result.Receipt.Expense.PaidBy != want || stored.PaidBy != want || stored.AddedBy != 3 {
			t.Errorf("paid by %d: %+v, %+v, %v", want, result.Receipt, stored, err)
		}
	}
	if !results[0].Receipt.Duplicate || first.PaidBy != anna {
		t.Errorf("the first one is %+v, %+v", first, results[0])
	}
	alone := b.addEntry(t, entry(ben, "food"))
	var listed []ledger.UserID
	for _, e := range b.list(t, expense.ListQuery{Limit: 10}) {
		listed = append(listed, e.PaidBy)
	}
	if alone.PaidBy != ben || !slices.Equal(listed, []ledger.UserID{ben, anna, ben, 0, anna}) {
		t.Errorf("listed are payers %v", listed)
	}
	b.wantPaid(t, someDay.MonthOf(), "anna 2.00 USD (2), ben 2.00 USD (2)")
	b.wantPaid(t, someDay.AddDays(1).MonthOf(), "")
	other := &fixture{Store: b.Store, in: b.in + 1}
	other.paid(t, "food", "4.00", someDay, anna)
	b.wantPaid(t, someDay.MonthOf(), "anna 2.00 USD (2), ben 2.00 USD (2)")
	other.wantPaid(t, someDay.MonthOf(), "anna 4.00 USD (1)")
}

// What each has paid stays what its rows add up to, whatever is changed of them.
func testPaidFollows(t *testing.T, b *fixture) {
	month, next := someDay.MonthOf(), someDay.AddDays(1).MonthOf()
	e := b.paid(t, "food", "10.00", someDay, anna)
	b.paid(t, "rent", "3.00", someDay, ben)
	unsaid := b.add(t, "food", "5.00", someDay)
	b.wantPaid(t, month, "anna 10.00 USD (1), ben 3.00 USD (1)")
	change := func(what string, id expense.ID, how func(*expense.Expense), want, wantNext string) {
		t.Helper()
		b.edit(t, id, how)
		t.Log(what)
		b.wantPaid(t, month, want)
		b.wantPaid(t, next, wantNext)
	}
	change("another note", e.ID, func(e *expense.Expense) { e.Note = "n" }, "anna 10.00 USD (1), ben 3.00 USD (1)", "")
	change("another price", e.ID, func(e *expense.Expense) { e.Price = amount(t, "2.50", "USD") }, "ben 3.00 USD (1), anna 2.50 USD (1)", "")
	change("a refund", e.ID, func(e *expense.Expense) { e.Refund = true }, "ben 3.00 USD (1), anna -2.50 USD (1)", "")
	change("another payer", e.ID, func(e *expense.Expense) { e.PaidBy, e.Refund = ben, false }, "ben 5.50 USD (2)", "")
	change("a payer is said", unsaid.ID, func(e *expense.Expense) { e.PaidBy = anna }, "ben 5.50 USD (2), anna 5.00 USD (1)", "")
	change("another date", unsaid.ID, func(e *expense.Expense) { e.Date = someDay.AddDays(1) }, "ben 5.50 USD (2)", "anna 5.00 USD (1)")
	change("another currency", unsaid.ID, func(e *expense.Expense) { e.Price = amount(t, "7", "JPY") }, "ben 5.50 USD (2)", "anna 7 JPY (1)")
	change("both", e.ID, func(e *expense.Expense) { e.Date, e.PaidBy = someDay.AddDays(1), anna }, "ben 3.00 USD (1)",
		"anna 7 JPY (1), anna 2.50 USD (1)")
	change("deleted", e.ID, func(e *expense.Expense) { e.Deleted = true }, "ben 3.00 USD (1)", "anna 7 JPY (1)")
	change("changed in the bin", e.ID, func(e *expense.Expense) { e.PaidBy = ben }, "ben 3.00 USD (1)", "anna 7 JPY (1)")
	change("restored", e.ID, func(e *expense.Expense) { e.Deleted = false }, "ben 3.00 USD (1)", "anna 7 JPY (1), ben 2.50 USD (1)")
	change("not said any more", unsaid.ID, func(e *expense.Expense) { e.PaidBy = 0 }, "ben 3.00 USD (1)", "ben 2.50 USD (1)")

	if _, err := b.merge(t, e.Category.ID, b.list(t, expense.ListQuery{Limit: 10})[2].Category.ID); err != nil {
		t.Fatal(err)
	}
	b.wantPaid(t, next, "ben 2.50 USD (1)")
	found, err := b.History(t.Context(), b.in, e.ID, expense.HistoryQuery{Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	var payers []ledger.UserID
	for _, r := range found {
		payers = append(payers, r.PaidBy)
	}
	if want := []ledger.UserID{ben, ben, anna, anna, ben, anna, anna, anna, anna}; !slices.Equal(payers, want) {
		t.Errorf("the history has payers %v, want %v", payers, want)
	}
	now, err := b.Get(t.Context(), b.in, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	batch := batchOf("payers", someMoment, now)
	b.changeAll(t, batch, func(e *expense.Expense) { e.PaidBy = anna })
	b.wantPaid(t, next, "anna 2.50 USD (1)")
	if before := b.batchBefore(t, batch.Number()); len(before) != 1 || before[0].PaidBy != ben {
		t.Errorf("before the batch it was %+v", before)
	}
	b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	if n, err := b.Purge(t.Context(), b.in, time.Now().Add(time.Hour), 10); n != 1 || err != nil {
		t.Errorf("%d were purged, %v", n, err)
	}
	b.wantPaid(t, next, "")
}

// A year adds up its months, the largest first; more payers than are asked for are left out.
func testPaidInAYear(t *testing.T, b *fixture) {
	for i, day := range []string{"2025-12-31", "2026-01-01", "2026-06-30", "2026-12-31", "2027-01-01"} {
		date, err := civil.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		b.paid(t, "food", "1.00", date, anna)
		b.paid(t, "food", fmt.Sprintf("%d.01", i), date, ben)
	}
	yen := b.entry(t, "food", "1", someDay)
	yen.Price, yen.PaidBy = amount(t, "7", "JPY"), anna
	b.addEntry(t, yen)
	for _, tt := range []struct {
		limit int
		want  string
	}{
		{10, "anna 7 JPY (1), ben 6.03 USD (3), anna 3.00 USD (3)"},
		{1, "anna 7 JPY (1), ben 6.03 USD (3)"},
	} {
		if got := paidText(b.payers(t, expense.ReportQuery{Year: 2026, Payers: tt.limit})); got != tt.want {
			t.Errorf("%d payers of the year: %q, want %q", tt.limit, got, tt.want)
		}
	}
	if report, err := b.Report(t.Context(), b.in, expense.ReportQuery{Year: 2026}); err != nil || report.Paid != nil {
		t.Errorf("a report without payers has %v, %v", report.Paid, err)
	}
	b.wantSound(t)
}

// Where others' refunds keep a month's total small, what one has paid alone may be too large. Such an entry is refused, and no other.
func testPaidOverflow(t *testing.T, b *fixture) {
	const largest = money.MaxMinor
	entry := func(by ledger.UserID, refund bool) expense.Entry {
		e := b.entry(t, "food", "1", someDay)
		e.Price, e.PaidBy, e.Refund = money.FromMinor(largest, e.Price.Currency()), by, refund
		return e
	}
	fits := int((1<<63 - 1) / int64(largest))
	if fits > 20_000 {
		t.Skip("it takes too many expenses to fill a total")
	}
	var all []expense.Entry
	for range fits {
		all = append(all, entry(anna, false), entry(ben, true))
	}
	for part := range slices.Chunk(all, 1000) {
		if results, err := b.AddAll(t.Context(), b.in, part); err != nil || results[0].Err != nil {
			t.Fatal(results, err)
		}
	}
	results, err := b.AddAll(t.Context(), b.in, []expense.Entry{b.entry(t, "tea", "1.00", someDay), entry(anna, false), entry(ben, false)})
	if err != nil || results[0].Err != nil || !errors.Is(results[1].Err, fault.Invalid) || results[2].Err != nil {
		t.Errorf("%+v, %v", results, err)
	}
	b.wantSound(t)
}

// A search for a payer finds the rows that a month's page has added up.
func testSearchPaid(t *testing.T, b *fixture) {
	first := b.paid(t, "food", "1.00", someDay, anna)
	second := b.paid(t, "rent", "2.00", someDay.AddDays(-1), anna)
	third := b.paid(t, "food", "4.00", someDay.AddDays(1), anna)
	others := b.paid(t, "food", "8.00", someDay, ben)
	b.add(t, "food", "16.00", someDay)
	gone := b.paid(t, "food", "32.00", someDay, anna)
	b.edit(t, gone.ID, func(e *expense.Expense) { e.Deleted = true })
	month := expense.Filter{Payer: anna, From: someDay.MonthOf().First(), To: someDay}
	inCategory := expense.Filter{Payer: anna, Categories: []expense.CategoryID{second.Category.ID}}
	withTerm := expense.Filter{Payer: anna, Terms: terms("food").Terms}
	for _, tt := range []struct {
		name   string
		filter expense.Filter
		want   []expense.ID
		sum    string
	}{
		{"all", expense.Filter{Payer: anna}, []expense.ID{third.ID, first.ID, second.ID}, "7.00 USD (3)"},
		{"a month", month, []expense.ID{first.ID, second.ID}, "3.00 USD (2)"},
		{"a day", withDays(expense.Filter{Payer: anna}, someDay, someDay), []expense.ID{first.ID}, "1.00 USD (1)"},
		{"since a month", withDays(expense.Filter{Payer: anna}, someDay.AddDays(1), civil.Date{}), []expense.ID{third.ID}, "4.00 USD (1)"},
		{"another", expense.Filter{Payer: ben}, []expense.ID{others.ID}, "8.00 USD (1)"},
		{"nobody", expense.Filter{Payer: 1000}, nil, ""},
		{"a category", inCategory, []expense.ID{second.ID}, "2.00 USD (1)"},
		{"a word", withTerm, []expense.ID{third.ID, first.ID}, "5.00 USD (2)"},
		{"a currency", expense.Filter{Payer: anna, Currency: "JPY"}, nil, ""},
		{"deleted", expense.Filter{Payer: anna, Deleted: true}, []expense.ID{gone.ID}, "32.00 USD (1)"},
	} {
		found := b.search(t, tt.filter)
		if got := idsOf(found.Expenses); !slices.Equal(got, append([]expense.ID{}, tt.want...)) || totals(found.Totals) != tt.sum {
			t.Errorf("%s: %v, %q, want %v, %q", tt.name, got, totals(found.Totals), tt.want, tt.sum)
		}
		var each []expense.ID
		if err := b.EachFound(t.Context(), b.in, tt.filter, func(all []expense.Expense) error {
			each = append(each, idsOf(all)...)
			return nil
		}); err != nil || !slices.Equal(each, tt.want) {
			t.Errorf("%s one by one: %v, %v, want %v", tt.name, each, err, tt.want)
		}
	}
}

// testPaidAtOnce lets several people change who has paid, what and when, at the same time. What each has paid is exact afterwards, and
// with what nobody has said it makes the month's total all the while.
func testPaidAtOnce(t *testing.T, b *fixture) {
	const workers, rounds = 6, 20
	shared := []expense.Expense{
		b.paid(t, "food", "1.00", someDay, anna), b.paid(t, "food", "2.00", someDay, ben), b.add(t, "food", "4.00", someDay),
	}
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			for round := range rounds {
				n := worker*rounds + round
				payer := []ledger.UserID{anna, ben, 0}[n%3]
				entry := entryWithKey(t, fmt.Sprint("paid-", n), fmt.Sprint("category ", n%4), fmt.Sprintf("%d.%02d", n, 1+n%99), someDay)
				entry.PaidBy = payer
				if _, err := b.Add(t.Context(), b.in, entry); err != nil {
					t.Errorf("add: %v", err)
				}
				_, err := b.tryEdit(t, shared[n%3].ID, func(e *expense.Expense) {
					e.PaidBy, e.Date, e.Deleted = payer, someDay.AddDays(n%2), n%5 == 0
				})
				if err != nil && !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.NotFound) { // another was faster
					t.Errorf("edit: %v", err)
				}
				b.wantPaidWithin(t)
			}
		})
	}
	all.Wait()
	b.wantSound(t)
}

// wantPaidWithin checks that one moment's payers have paid no more expenses than there are.
func (b *fixture) wantPaidWithin(t failer) {
	t.Helper()
	report, err := b.Report(t.Context(), b.in, expense.ReportQuery{Month: someDay.MonthOf(), Payers: 10, Currency: "USD"})
	if err != nil {
		t.Errorf("report: %v", err)
		return
	}
	var paid int64
	for _, p := range report.Paid {
		paid += p.Count
	}
	if len(report.Totals) != 1 || paid > report.Totals[0].Count {
		t.Errorf("%d expenses have a payer, of %s", paid, totals(report.Totals))
	}
}
