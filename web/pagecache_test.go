package web

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// printer renders a page that names its place, and counts.
type printer struct {
	slowStates
	rendered int
	err      error

	padding     int  // bytes that a page has besides its name
	asOfNothing bool // the page is not worth keeping
}

func (p *printer) State(context.Context, ledger.Actor) (expense.State, error) {
	return expense.State{Version: p.now.Load()}, nil
}

func (p *printer) render(_ context.Context, _ ledger.Actor, place cursor, now moment) ([]byte, moment, error) {
	p.rendered++
	if p.asOfNothing {
		now = moment{}
	}
	return []byte("page of " + place.query() + strings.Repeat(" ", p.padding)), now, p.err
}

func TestAPageIsKeptForAStateAndADay(t *testing.T) {
	printer := &printer{}
	cache := newPageCache(printer, printer.render, keptBytes)
	today := civil.Date{Year: 2026, Month: 11, Day: 23}
	oldest := cursor{oldest: true}
	for _, step := range []struct {
		what     string
		actor    ledger.Actor
		place    cursor
		day      civil.Date
		version  int64
		rendered int
	}{
		{"first", ledger.LocalOwner(), oldest, today, 1, 1},
		{"again", ledger.LocalOwner(), oldest, today, 1, 1},
		{"other role", ledger.Actor{Ledger: ledger.Default, Role: ledger.Viewer}, oldest, today, 1, 1},
		{"other place", ledger.LocalOwner(), cursor{}, today, 1, 2},
		{"other ledger", ledger.Actor{Ledger: 2, Role: ledger.Owner}, oldest, today, 1, 3},
		{"other version", ledger.LocalOwner(), oldest, today, 2, 4},
		{"other day", ledger.LocalOwner(), oldest, today.AddDays(1), 2, 5},
		{"again, later", ledger.LocalOwner(), oldest, today.AddDays(1), 2, 5},
	} {
		printer.now.Store(step.version)
		page, err := cache.get(t.Context(), step.actor, step.place, step.day)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(page.with(nil, "")), "page of "+step.place.query(); got != want || printer.rendered != step.rendered {
			t.Errorf("%s: %q, rendered %d times; want %q, %d", step.what, got, printer.rendered, want, step.rendered)
		}
	}
}

func TestAFailedPageIsNotKept(t *testing.T) {
	printer := &printer{err: errors.New("down")}
	cache := newPageCache(printer, printer.render, keptBytes)
	for range 2 {
		if _, err := cache.get(t.Context(), ledger.LocalOwner(), cursor{}, civil.Date{}); !errors.Is(err, printer.err) {
			t.Errorf("error %v", err)
		}
	}
	if printer.rendered != 2 || cache.homes.pages.Len() != 0 {
		t.Errorf("rendered %d times, %d kept", printer.rendered, cache.homes.pages.Len())
	}
}

func TestTheCacheIsBoundedInBytes(t *testing.T) {
	const limit = 100_000
	printer := &printer{padding: 1000}
	cache := newPageCache(printer, printer.render, limit)
	ask := func(in ledger.ID, place cursor) (rendered bool) {
		before := printer.rendered
		if _, err := cache.get(t.Context(), ledger.Actor{Ledger: in, Role: ledger.Owner}, place, civil.Date{Year: 2026, Month: 1, Day: 1}); err != nil {
			t.Fatal(err)
		}
		return printer.rendered > before
	}
	at := func(id int) cursor {
		return cursor{before: &expense.Position{Date: civil.Date{Year: 2026, Month: 1, Day: 1}, ID: expense.ID(id)}}
	}
	for home := range 5 {
		ask(ledger.ID(home+1), cursor{})
	}
	for i := range 500 {
		ask(1, at(i+1))
		if held := cache.homes.bytes + cache.places.bytes; held > limit {
			t.Fatalf("%d bytes are kept, and %d may be", held, limit)
		}
	}
	if kept := cache.places.pages.Len(); kept < 15 || kept > 25 { // of some 2,500 bytes each, in half of the limit
		t.Errorf("%d places are kept", kept)
	}
	for home := range 5 {
		if ask(ledger.ID(home+1), cursor{}) {
			t.Errorf("made-up places pushed out the home page of ledger %d", home+1)
		}
	}
	if ask(1, at(500)) {
		t.Error("the newest place is not kept")
	}
	for home := range 40 {
		ask(ledger.ID(home+100), cursor{})
		ask(1, cursor{}) // a page that is asked for again and again stays
	}
	if ask(1, cursor{}) || !ask(2, cursor{}) {
		t.Error("it is not the page that nobody asks for that went")
	}
	printer.padding = limit
	if !ask(77, cursor{}) || !ask(77, cursor{}) || ask(1, cursor{}) { //nolint:staticcheck // the second time it is not kept either
		t.Error("a page that is too large to be kept is kept, or pushed others out")
	}
	if printer.asOfNothing = true; !ask(1, at(9999)) || !ask(1, at(9999)) { //nolint:staticcheck // the second time it is not kept either
		t.Error("a page of an empty stretch is kept")
	}
}

// However an address is written, it is one page of the cache.
func TestAddressesOfOnePlaceAreOnePage(t *testing.T) {
	for _, typed := range []string{"before=2026-01-31_17", "before=2026-01-31_017", "x=1&before=2026-01-31_%2B17", "before=2026-01-31_17&before=2026-01-30_9"} {
		query, err := url.ParseQuery(typed)
		if err != nil {
			t.Fatal(err)
		}
		place, err := parseCursor(query)
		if got := place.query(); err != nil || got != "?before=2026-01-31_17" {
			t.Errorf("%s is %q, %v", typed, got, err)
		}
	}
}

func TestEachReaderOfAFormHasAKey(t *testing.T) {
	page := newKeptPage([]byte(`<input name="idempotency_key" value="old"><p>`))
	for _, key := range []expense.Key{"a", `"b"`} {
		want := map[expense.Key]string{"a": "a", `"b"`: "&#34;b&#34;"}[key]
		if got := string(page.with([]byte("|"), key)); got != `|<input name="idempotency_key" value="`+want+`"><p>` {
			t.Error(got)
		}
	}
}
