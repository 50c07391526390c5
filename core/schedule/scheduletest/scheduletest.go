// Package scheduletest is the contract of schedule.Store as a test suite. Every adapter runs it against the real thing. Only tests
// import it.
package scheduletest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
)

// TestStore runs the contract. newStore returns an empty storage and cleans up after its test.
func TestStore(t *testing.T, newStore func(t *testing.T) schedule.Store) {
	for _, part := range []struct {
		name string
		test func(*testing.T, *fixture)
	}{
		{"what goes in comes out", testRoundTrip},
		{"a key stores one schedule", testKeys},
		{"a missing schedule", testMissing},
		{"lists and their orders", testLists},
		{"a change is a revision", testChange},
		{"a stale change is refused", testStale},
		{"a change that is sent again is recognised", testRepeated},
		{"an error of a change changes nothing", testRefusal},
		{"progress is no revision", testAdvance},
		{"progress of many at once", testAdvanceAtOnce},
		{"only so many go on", testTooMany},
		{"a state has a name of its own", testState},
		{"ledgers do not see each other", testIsolation},
		{"no method shows another ledger", testEveryMethodApart},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.test(t, &fixture{Store: newStore(t)})
		})
	}
}

// fixture is a storage, with short words for what tests do all the time.
type fixture struct {
	schedule.Store
	keys int
}

const in = ledger.Default

func day(text string) civil.Date {
	d, err := civil.ParseDate(text)
	if err != nil {
		panic(err) // a test's own text
	}
	return d
}

func price(decimal, code string) money.Amount {
	c, err := money.ParseCurrency(code)
	if err != nil {
		panic(err)
	}
	a, err := money.FromDecimal(decimal, c)
	if err != nil {
		panic(err)
	}
	return a
}

// rent returns a schedule that falls due on the first of each month, from a day on.
func rent(start string) schedule.Schedule {
	return schedule.Schedule{
		Rule:     schedule.Rule{Frequency: schedule.Monthly, Every: 1, Day: 1, Start: day(start)},
		Spending: schedule.Spending{Category: "rent", Price: price("1180.00", "USD")},
		Progress: schedule.Progress{To: day(start).AddDays(-1)},
	}
}

func (f *fixture) entry(s schedule.Schedule) schedule.Entry {
	f.keys++
	return schedule.Entry{
		Key: idempotency.Key(fmt.Sprint("key-", f.keys)), Fingerprint: idempotency.FingerprintOf(s.Rule.String(), s.Spending.String()),
		Schedule: s, CreatedAt: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
	}
}

func (f *fixture) create(t *testing.T, s schedule.Schedule) schedule.Schedule {
	t.Helper()
	created, err := f.Create(t.Context(), in, f.entry(s))
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	return created
}

func (f *fixture) get(t *testing.T, id schedule.ID) schedule.Schedule {
	t.Helper()
	found, err := f.Get(t.Context(), in, id)
	if err != nil {
		t.Fatalf("get %d: %v", id, err)
	}
	return found
}

func (f *fixture) list(t *testing.T, query schedule.Query) []schedule.ID {
	t.Helper()
	listed, err := f.List(t.Context(), in, query)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	ids := make([]schedule.ID, len(listed))
	for i, one := range listed {
		ids[i] = one.ID
	}
	return ids
}

func (f *fixture) state(t *testing.T) ledger.State {
	t.Helper()
	now, err := f.State(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

func basis(saw int, what string) revision.Basis {
	return revision.Basis{Revision: saw, Fingerprint: idempotency.FingerprintOf(what)}
}

func same(t *testing.T, got, want schedule.Schedule) {
	t.Helper()
	for _, s := range []*schedule.Schedule{&got, &want} { // none and empty are the same
		if len(s.Prices) == 0 {
			s.Prices = nil
		}
		if len(s.Gaps) == 0 {
			s.Gaps = nil
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func testRoundTrip(t *testing.T, f *fixture) {
	full := schedule.Schedule{
		Rule: schedule.Rule{Frequency: schedule.Monthly, Every: 3, Day: schedule.LastDay, Start: day("1900-01-01"), End: day("2199-12-31")},
		Spending: schedule.Spending{Category: "Ärzte & <Co>", Price: price("9999999999999.99", "EUR"), Payee: "Ana’s “shop”",
			Note: "two\nlines", Tags: "work Ünique", Refund: true, PaidBy: 1 << 40},
		Prices: []schedule.PriceFrom{
			{From: day("2027-01-01"), Price: price("0.01", "EUR")}, {From: day("2028-02-29"), Price: price("12.50", "EUR")},
		},
		Gaps:     []schedule.Gap{{From: day("2026-12-31"), To: day("2027-01-01")}, {From: day("2027-06-01")}},
		Progress: schedule.Progress{To: day("2026-11-22"), Made: 7, Last: 12345678901, Category: 9},
	}
	created := f.create(t, full)
	if created.ID <= 0 || created.Revision != 1 {
		t.Errorf("created as %d at revision %d", created.ID, created.Revision)
	}
	full.ID, full.Revision = created.ID, 1
	same(t, created, full)
	same(t, f.get(t, created.ID), full)
	for _, frequency := range schedule.Frequencies() {
		plain := rent("2026-12-01")
		plain.Rule.Frequency, plain.Rule.Day = frequency, 0
		plain.Spending.Price = price("1000000", "JPY")
		made := f.create(t, plain)
		plain.ID, plain.Revision = made.ID, 1
		same(t, f.get(t, made.ID), plain)
	}
}

func testKeys(t *testing.T, f *fixture) {
	entry := f.entry(rent("2026-12-01"))
	first, err := f.Create(t.Context(), in, entry)
	if err != nil {
		t.Fatal(err)
	}
	before := f.state(t)
	again, err := f.Create(t.Context(), in, entry)
	if err != nil {
		t.Fatal(err)
	}
	same(t, again, first)
	if f.state(t) != before {
		t.Error("a repeated creation changed the state")
	}
	entry.Fingerprint = idempotency.FingerprintOf("other")
	if _, err := f.Create(t.Context(), in, entry); !errors.Is(err, fault.Conflict) {
		t.Errorf("another content with the key: %v, want Conflict", err)
	}
	if f.create(t, rent("2026-12-01")).ID == first.ID {
		t.Error("two keys stored one schedule")
	}
	if n := len(f.list(t, schedule.Query{Limit: 10})); n != 2 {
		t.Errorf("%d schedules, want 2", n)
	}
}

func testMissing(t *testing.T, f *fixture) {
	if _, err := f.Get(t.Context(), in, 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("get: %v", err)
	}
	keep := func(s schedule.Schedule) (schedule.Schedule, error) { return s, nil }
	if _, err := f.Change(t.Context(), in, 1, basis(1, "x"), keep); !errors.Is(err, fault.NotFound) {
		t.Errorf("change: %v", err)
	}
	move := func(s schedule.Schedule) schedule.Progress { return s.Progress }
	if _, err := f.Advance(t.Context(), in, 1, move); !errors.Is(err, fault.NotFound) {
		t.Errorf("advance: %v", err)
	}
	if got := f.list(t, schedule.Query{Limit: 10}); len(got) != 0 {
		t.Errorf("an empty ledger has %v", got)
	}
	if now := f.state(t); now != (ledger.State{}) {
		t.Errorf("an empty ledger has state %v", now)
	}
}

func testLists(t *testing.T, f *fixture) {
	later := f.create(t, rent("2027-02-01")).ID
	soon := f.create(t, rent("2026-12-01")).ID
	equal := f.create(t, rent("2026-12-01")).ID
	paused := rent("2026-12-01")
	paused.Gaps = []schedule.Gap{{From: day("2026-11-01")}}
	resting := f.create(t, paused).ID
	over := rent("2026-01-01")
	over.Rule.End = day("2026-03-01")
	over.Progress.To = day("2026-03-01")
	ended := f.create(t, over).ID
	arrears := over
	arrears.Progress.To = day("2026-02-28")
	behind := f.create(t, arrears).ID
	endedLater := f.create(t, over).ID
	for _, c := range []struct {
		name  string
		query schedule.Query
		want  []schedule.ID
	}{
		{"live", schedule.Query{Limit: 10}, []schedule.ID{later, soon, equal, resting, behind}},
		{"some", schedule.Query{Limit: 2}, []schedule.ID{later, soon}},
		{"ended", schedule.Query{Ended: true, Limit: 10}, []schedule.ID{endedLater, ended}},
		{"one ended", schedule.Query{Ended: true, Limit: 1}, []schedule.ID{endedLater}},
		{"due", schedule.Query{DueBy: day("2027-02-01"), Limit: 10}, []schedule.ID{behind, soon, equal, later}},
		{"due earlier", schedule.Query{DueBy: day("2027-01-31"), Limit: 10}, []schedule.ID{behind, soon, equal}},
		{"due first", schedule.Query{DueBy: day("2027-01-31"), Limit: 1}, []schedule.ID{behind}},
		{"not due", schedule.Query{DueBy: day("2026-02-28"), Limit: 10}, []schedule.ID{}},
	} {
		if got := f.list(t, c.query); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func dearer(s schedule.Schedule) (schedule.Schedule, error) {
	s.Prices = append(s.Prices, schedule.PriceFrom{From: day("2027-01-01"), Price: price("1250.00", "USD")})
	s.Spending.PaidBy++
	s.Spending.Note = "with heating"
	s.Rule.End = day("2027-12-31")
	s.ID, s.Revision = 99, 99 // which are the storage's
	return s, nil
}
